"""Every fault of a catalog file is told with its line, and all of them at once."""

# ruff: noqa: E501 (a message stands in one piece, as it is printed)

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sattrack.catalog import CatalogError, catalog_root, read_catalog
from sattrack.errors import StorageError

PROBE = """\
[sources]
report = { title = "Report" }

[[spacecraft]]
id = "probe"
name = "Probe"
summary = "Probes."
source = "report"
orbit_data = "gp"
norad_id = 60000
"""


@pytest.fixture
def faults(root: Path, own_file: Callable[..., Path]) -> Callable[[str | bytes], list[str]]:
    """Read the small catalog with one more file; return what is wrong in that file."""

    def read(text: str | bytes) -> list[str]:
        path = own_file(text)
        with pytest.raises(CatalogError) as caught:
            read_catalog(root, [path])
        assert caught.value.exit_status == 8
        return str(caught.value).replace(f"{root.parent}/", "").splitlines()

    return read


@pytest.mark.parametrize(
    ("written", "instead", "fault"),
    [
        # Keys.
        ("norad_id", "norad", "10: spacecraft 'probe': unknown key 'norad'; did you mean 'norad_id'?"),
        ('name = "Probe"', 'zzz = "Probe"', "6: spacecraft 'probe': unknown key 'zzz'"),
        ('source = "report"\n', "", "4: spacecraft 'probe': missing key 'source'"),
        ('id = "probe"\n', "", "4: spacecraft 1: missing key 'id'"),
        ('"probe"', "5", "5: spacecraft 1: 'id' should be a valid string, not 5"),
        ("[[spacecraft]]", "[[spacecrafts]]", "4: unknown table 'spacecrafts'; did you mean 'spacecraft'?"),
        ("[[spacecraft]]", "[spacecraft]", "4: write [[spacecraft]], not [spacecraft]"),
        ("[sources]", "[[sources]]", "1: write [sources] and one line for each"),
        ('{ title = "Report" }', '"Report"', "2: source 'report': should be a table"),
        ("title", "titel", "2: source 'report': missing key 'title'"),
        ("title", "titel", "2: source 'report': unknown key 'titel'; did you mean 'title'?"),
        # Values.
        ('"probe"', '"The Probe"', "5: spacecraft 'The Probe': 'id' should look like 'geo-kompsat-2b', not 'The Probe'"),
        ('"Probe"', '" "', "6: spacecraft 'probe': 'name' is empty: ' '"),
        ('"gp"', '"tle"', "9: spacecraft 'probe': 'orbit_data' should be 'gp', 'ephemeris', 'nominal' or 'unpublished', not 'tle'"),
        ("60000", '"60000"', "10: spacecraft 'probe': 'norad_id' should be a valid integer, not '60000'"),
        ("60000", "1000000000", "10: spacecraft 'probe': 'norad_id' should be less than or equal to 999999999, not 1000000000"),
        ("60000", "0", "10: spacecraft 'probe': 'norad_id' should be greater than or equal to 1, not 0"),
    ],
)  # fmt: skip
def test_one_slip(
    faults: Callable[[str], list[str]], written: str, instead: str, fault: str
) -> None:
    assert written in PROBE
    assert f"own.toml:{fault}" in faults(PROBE.replace(written, instead, 1))


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ('cospar_id = "2020-13B"', "'cospar_id' should look like '2020-013B', not '2020-13B'"),
        ('cospar_id = "20013B"', "'cospar_id' should look like '2020-013B', not '20013B'"),
        ("naif_id = 155", "'naif_id' is not the NAIF number of a spacecraft (-85) or a moon (301, 606): 155"),
        ("naif_id = 6", "'naif_id' is not the NAIF number of a spacecraft (-85) or a moon (301, 606): 6"),
        ("naif_id = 699", "'naif_id' is not the NAIF number of a spacecraft (-85) or a moon (301, 606): 699"),
        ("naif_id = 60098", "'naif_id' is not the NAIF number of a spacecraft (-85) or a moon (301, 606): 60098"),
        ('publishers = ["tass"]', "'publishers' should be 'celestrak', 'celestrak-sup', 'spacetrack' or 'horizons', not 'tass'"),
        ('regime = "moon"', "'regime' should be 'leo', 'meo', 'geo', 'igso', 'heo' or 'lunar', not 'moon'"),
        ("slot_longitude_deg = 180.1", "'slot_longitude_deg' should be less than or equal to 180, not 180.1"),
        ("slot_longitude_deg = nan", "'slot_longitude_deg' should be a finite number, not nan"),
        ('aliases = "P"', "'aliases' should be a valid list, not 'P'"),
        ('aliases = ["·"]', "alias '·' has no letter or digit"),
        ('aliases = ["425"]', "alias '425' would hide the catalog number"),
        ('aliases = ["lo 1"]', "alias 'lo 1' is taken by spacecraft 'lookout-1' (shipped/missions/lookout.toml:22)"),
        ('aliases = ["45246"]', "alias '45246' is taken by spacecraft 'lookout-1' (shipped/missions/lookout.toml:28)"),
        ('name_ko = "전망대1호"', "name_ko '전망대1호' is taken by spacecraft 'lookout-1' (shipped/missions/lookout.toml:21)"),
        ('cospar_id = "2020-013B"', "cospar_id '2020-013B' is taken by spacecraft 'lookout-1' (shipped/missions/lookout.toml:29)"),
        ("naif_id = -155", "naif_id -155 is taken by spacecraft 'moonlet' (shipped/missions/lookout.toml:72)"),
        ('launched = "2020-13"', "'launched' is not a date or time of ISO 8601, such as 2029-09: '2020-13'"),
        ('launched = "soon"', "'launched' is not a date or time of ISO 8601, such as 2029-09: 'soon'"),
        ('launched = "2020-02-30"', "'launched' is not a date or time of ISO 8601, such as 2029-09: '2020-02-30'"),
        ('launched = "2020-02-18T22:18"', "'launched' is not a date or time of ISO 8601, such as 2029-09: '2020-02-18T22:18'"),
        ("launched = 2020-02-18T22:18:00", "'launched' is a time without Z or an offset from UTC: 2020-02-18 22:18:00"),
        ("launched = 2020", "'launched' should be a valid string, not 2020"),
        ('mission = "lookout-misson"', "mission 'lookout-misson' is not in the catalog; did you mean 'lookout-mission'?"),
        ('mission = "pair"', "mission 'pair' should name a mission, but is of kind group"),
        ('launch = "lookout-1"', "launch 'lookout-1' should name a launch, but is of kind spacecraft"),
        ('cited = { norad_id = "raport" }', "unknown source 'raport'; did you mean 'report'?"),
        ('cited = { norad = "report" }', "cited: the entry has no 'norad'; did you mean 'norad_id'?"),
        ('cited = { norad_id = 1 }', "'cited': 'norad_id' should be a valid string, not 1"),
        ('facts = [{ name = "Mass", value = "1 t", source = "x" }]', "unknown source 'x'"),
        ('facts = [{ name = "Mass", valu = "1 t", source = "report" }]', "'facts': unknown key 'valu'; did you mean 'value'?"),
        ('facts = [{ name = "Mass", value = "1 t" }]', "'facts': missing key 'source'"),
        ('facts = ["heavy"]', "'facts' should hold tables, not 'heavy'"),
        ('downlinks = [{ name = "S", frequency_mhz = 0.0, source = "report" }]', "'downlinks': 'frequency_mhz' should be greater than 0, not 0.0"),
        ('prn = [{ prn = 64, seen = "2026", source = "report" }]', "'prn': 'prn' should be less than or equal to 63, not 64"),
        ("nominal = {}", "'nominal': missing key 'epoch'"),
        ('summary_ko = "\\u001b[2J"', "unknown key 'summary_ko'; did you mean 'summary'?"),
        ('status = "\\u001b[2J"', "'status' holds the unprintable character U+001B: '\\x1b[2J'"),
        ('status = "a\\u202Eb"', "'status' holds the unprintable character U+202E: 'a\\u202eb'"),
        ('"\\u001b]0;owned\\u0007" = 1', "unknown key '\\x1b]0;owned\\x07'"),
        (f'mission = "{"m" * 100}"', f"mission '{'m' * 58}… is not in the catalog"),
    ],
)  # fmt: skip
def test_one_line_more(faults: Callable[[str], list[str]], line: str, fault: str) -> None:
    assert f"own.toml:11: spacecraft 'probe': {fault}" in faults(PROBE + line)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            PROBE.replace("norad_id = 60000\n", ""),
            ["own.toml:9: spacecraft 'probe': orbit_data 'gp' needs 'norad_id'"],
        ),
        (
            PROBE.replace('"gp"', '"ephemeris"'),
            ["own.toml:9: spacecraft 'probe': orbit_data 'ephemeris' needs 'naif_id'"],
        ),
        (
            PROBE.replace('"gp"', '"nominal"'),
            ["own.toml:9: spacecraft 'probe': orbit_data 'nominal' needs 'nominal'"],
        ),
        (
            PROBE
            + """
            [spacecraft.nominal]
            epoch = 2026-12-01T00:00:00Z
            semi_major_axis_km = 26560
            eccentricity = 0.8
            inclination_deg = 63.4
            raan_deg = 0
            argument_of_perigee_deg = 270
            mean_anomaly_deg = 0
            """,
            [
                "own.toml:12: spacecraft 'probe': nominal is for orbit_data 'nominal' only",
                "own.toml:12: spacecraft 'probe': the perigee of the nominal orbit lies within the Earth",
            ],
        ),
        (
            PROBE
            + """
            [spacecraft.nominal]
            epoch = 2026-12-01T00:00:00
            semi_major_axis_km = 6000
            eccentricity = 1
            inclination_deg = 181
            raan_deg = -1
            argument_of_perigee_deg = inf
            mean_anomaly_deg = "0"
            """,
            [
                "own.toml:13: spacecraft 'probe': 'nominal': 'epoch' should have timezone info, not 2026-12-01 00:00:00",
                "own.toml:14: spacecraft 'probe': 'nominal': 'semi_major_axis_km' should be greater than 6378.137, not 6000",
                "own.toml:15: spacecraft 'probe': 'nominal': 'eccentricity' should be less than 1, not 1",
                "own.toml:16: spacecraft 'probe': 'nominal': 'inclination_deg' should be less than or equal to 180, not 181",
                "own.toml:17: spacecraft 'probe': 'nominal': 'raan_deg' should be greater than or equal to 0, not -1",
                "own.toml:18: spacecraft 'probe': 'nominal': 'argument_of_perigee_deg' should be a finite number, not inf",
                "own.toml:19: spacecraft 'probe': 'nominal': 'mean_anomaly_deg' should be a valid number, not '0'",
            ],
        ),
        (
            """
            [sources]
            survey = { title = "Survey", url = "ftp://example.org" }
            spare = { title = "Never read" }
            [[station]]
            id = "hill"
            name = "Hill"
            summary = "High."
            source = "survey"
            kind = "observatory"
            latitude_deg = 90.5
            longitude_deg = 181
            height_m = 29029
            zone = "Asia/Soul"
            [[station]]
            id = "dale"
            name = "Dale"
            summary = "Low."
            source = "survey"
            kind = "observatory"
            latitude_deg = 50
            longitude_deg = 8
            zone = "../../etc/passwd"
            [[region]]
            id = "mare"
            name = "Mare"
            summary = "Dry."
            source = "survey"
            body = "moon"
            latitude_deg = -91
            longitude_deg = 361
            area_km2 = 0
            outline_deg = [
                [0, 0],
                [1, 91],
                [1],
                [1, 2, 3],
            ]
            """,
            [
                "own.toml:3: source 'survey': 'url' should look like 'https://celestrak.org', not 'ftp://example.org'",
                "own.toml:11: station 'hill': 'latitude_deg' should be less than or equal to 90, not 90.5",
                "own.toml:12: station 'hill': 'longitude_deg' should be less than or equal to 180, not 181",
                "own.toml:13: station 'hill': 'height_m' should be less than or equal to 9000, not 29029",
                "own.toml:14: station 'hill': 'zone' is not a time zone such as Asia/Seoul: 'Asia/Soul'",
                "own.toml:23: station 'dale': 'zone' is not a time zone such as Asia/Seoul: '../../etc/passwd'",
                "own.toml:30: region 'mare': 'latitude_deg' should be greater than or equal to -90, not -91",
                "own.toml:31: region 'mare': 'longitude_deg' should be less than or equal to 360, not 361",
                "own.toml:32: region 'mare': 'area_km2' should be greater than 0, not 0",
                "own.toml:35: region 'mare': 'outline_deg' should be less than or equal to 90, not 91",
                "own.toml:36: region 'mare': 'outline_deg' is incomplete: [1]",
                "own.toml:37: region 'mare': 'outline_deg' should have at most 2 items, not [1, 2, 3]",
            ],
        ),
        (
            """
            [sources]
            report = { title = "Report" }
            spare = { title = "Never read" }
            [[launch]]
            id = "flight"
            name = "Flight"
            summary = "Flies."
            source = "report"
            vehicle = "Rocket"
            launched = "2029"
            site = "eye"
            payloads = [
                "moonlet",
                "lookout-1",
                "lookout-3",
            ]
            [[instrument]]
            id = "ear"
            name = "Ear"
            summary = "Hears."
            source = "report"
            host = "lookout-mission"
            mission = "mission"
            [[region]]
            id = "mare"
            name = "Mare"
            summary = "Dry."
            source = "report"
            body = "moon"
            latitude_deg = 0
            longitude_deg = 0
            mission = "pad"
            [[group]]
            id = "some"
            name = "Some"
            summary = "Some."
            source = "report"
            members = ["eye", "pairs"]
            [[group]]
            id = "empty"
            name = "Empty"
            summary = "Nothing."
            source = "report"
            members = []
            """,
            [
                "own.toml:12: launch 'flight': site 'eye' should name a station, but is of kind instrument",
                "own.toml:15: launch 'flight': payload 'lookout-1' names another launch, 'lookout-launch'",
                "own.toml:16: launch 'flight': payloads 'lookout-3' is not in the catalog; did you mean 'lookout-2'?",
                "own.toml:23: instrument 'ear': host 'lookout-mission' should name a spacecraft, but is of kind mission",
                "own.toml:24: instrument 'ear': mission 'mission' is not in the catalog; did you mean 'lookout-mission'?",
                "own.toml:33: region 'mare': mission 'pad' should name a mission, but is of kind station",
                "own.toml:39: group 'some': members 'pairs' is not in the catalog; did you mean 'pair'?",
                "own.toml:45: group 'empty': 'members' should have at least 1 item, not []",
            ],
        ),
    ],
)  # fmt: skip
def test_all_faults_at_once(
    faults: Callable[[str], list[str]], text: str, expected: list[str]
) -> None:
    assert faults(text) == expected


SPECTROMETER = """
[sources]
report = { title = "Report" }
[[instrument]]
id = "ear"
name = "Ear"
summary = "Hears."
source = "report"
host = "lookout-1"
[instrument.field_of_regard]
source = "report"
outline_deg = """


@pytest.mark.parametrize(
    ("outline", "fault"),
    [
        ("[[110, 20], [150, 20], [110, 20]]", "encloses nothing"),
        ("[[110, 20], [130, 20], [150, 20]]", "encloses nothing"),
        (
            "[[170, 20], [-170, 50], [-170, 20], [170, 50]]",
            "crosses itself: [170, 20] to [-170, 50] and [-170, 20] to [170, 50]",
        ),
    ],
)
def test_an_outline_without_an_inside(
    faults: Callable[[str], list[str]], outline: str, fault: str
) -> None:
    expected = f"own.toml:12: instrument 'ear': field_of_regard: the outline {fault}"
    assert faults(SPECTROMETER + outline) == [expected]


@pytest.mark.parametrize(
    "outline",
    [
        "[[110, 20], [110, 20], [150, 20], [150, 50], [110, 20]]",  # twice, and closed
        "[[170, 20], [-170, 20], [-170, 50], [170, 50]]",
        "[[0, 60], [120, 65], [-120, 60]]",  # round the pole
        "[[0, 60], [120, 60], [-120, 60]]",
    ],
)
def test_an_outline_with_an_inside(root: Path, own_file: Callable[..., Path], outline: str) -> None:
    assert read_catalog(root, [own_file(SPECTROMETER + outline)]).find("ear")


def test_a_source_that_nothing_cites(faults: Callable[[str], list[str]]) -> None:
    text = PROBE.replace("\n\n", '\nspare = { title = "Spare" }\n\n', 1)
    assert faults(text) == ["own.toml:3: source 'spare' is never cited"]


def test_an_entry_of_the_user_does_not_replace_a_shipped_one(
    faults: Callable[[str], list[str]],
) -> None:
    assert faults(PROBE.replace('"probe"', '"eye"')) == [
        "own.toml:5: spacecraft 'eye': id 'eye' is taken by instrument 'eye' (shipped/missions/lookout.toml:76)"
    ]


def test_an_entry_written_twice_is_told_once(faults: Callable[[str], list[str]]) -> None:
    twice = PROBE + PROBE[PROBE.index("[[spacecraft]]") :]
    assert faults(twice) == [
        "own.toml:12: spacecraft 'probe': id 'probe' is taken by spacecraft 'probe' (own.toml:5)"
    ]


def test_an_entry_without_an_id_is_told_once(faults: Callable[[str], list[str]]) -> None:
    assert faults(PROBE.replace('id = "probe"\n', "")) == [
        "own.toml:4: spacecraft 1: missing key 'id'"
    ]


def group(id_: str, *members: str) -> str:
    listed = ", ".join(f'"{member}"' for member in members)
    return f'[[group]]\nid = "{id_}"\nname = "{id_}"\nsummary = "."\nsource = "s"\nmembers = [{listed}]\n'  # fmt: skip


def test_groups_within_themselves(faults: Callable[[str], list[str]]) -> None:
    text = '[sources]\ns = { title = "S" }\n'
    text += group("a", "b", "pair") + group("b", "c") + group("c", "eye", "a")
    text += group("d", "d") + group("e", "a", "d")
    assert faults(text) == [
        "own.toml:8: group 'a': the group contains itself: a > b > c > a",
        "own.toml:26: group 'd': the group contains itself: d > d",
    ]


def test_an_entry_that_breaks_the_schema_is_still_an_entry(
    faults: Callable[[str], list[str]],
) -> None:
    text = (
        PROBE.replace("60000", "-1") + '\n[[spacecraft]]\nid = "lookout-1"\n' + group("g", "probe")
    )
    messages = faults(text.replace('"s"', '"report"'))
    assert messages[0] == "own.toml:10: spacecraft 'probe': 'norad_id' should be greater than or equal to 1, not -1"  # fmt: skip
    assert "own.toml:13: spacecraft 'lookout-1': id 'lookout-1' is taken by spacecraft 'lookout-1' (shipped/missions/lookout.toml:19)" in messages  # fmt: skip
    assert not [message for message in messages if "group 'g'" in message]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("[sources]\nreport = {\n", "2: not TOML: "),
        ("[sources]\n[sources]\n", "2: not TOML: cannot declare ('sources',) twice"),
        ("a = 1\nb = 'open", '2: not TOML: expected "\'"'),
        (f"a = {'9' * 5000}", "1: not TOML: exceeds the limit"),
        ("a = 'x\x1b[2Jx'", "1: not TOML: found invalid character '\\x1b'"),
        (b"[sources]\nreport = { title = '\xc3\xa9' }\nother = '\xe9'", "3: the text is not UTF-8"),
        ("a = " + "[" * 5000 + "]" * 5000, "1: the values are nested too deeply"),
    ],
)
def test_what_is_not_toml(
    faults: Callable[[str | bytes], list[str]], content: str | bytes, fault: str
) -> None:
    (message,) = faults(content)
    assert message.startswith(f"own.toml:{fault}")
    assert message.isprintable()


def test_nothing_is_missed_because_another_file_cannot_be_read(
    root: Path, own_file: Callable[..., Path]
) -> None:
    stray = own_file(PROBE + 'mission = "in-the-broken-file"\n[[spacecraft]]\nnorad = 1')
    broken = own_file("[[mission", "broken.toml")
    with pytest.raises(CatalogError) as caught:
        read_catalog(root, [stray, broken])
    assert [fault.text for fault in caught.value.faults][-2:] == [
        "spacecraft 2: unknown key 'norad'; did you mean 'norad_id'?",
        "not TOML: expected ']]' at the end of an array declaration",
    ]
    assert "in-the-broken-file" not in str(caught.value)


def test_a_byte_order_mark_and_windows_line_ends_are_no_fault(
    root: Path, own_file: Callable[..., Path]
) -> None:
    text = PROBE.replace("\n", "\r\n")
    assert read_catalog(root, [own_file(b"\xef\xbb\xbf" + text.encode())]).find("probe")
    with pytest.raises(CatalogError, match=r"own\.toml:11: spacecraft 'probe': unknown key 'x'"):
        read_catalog(root, [own_file(text + "x = 1\r\n")])


def test_a_hostile_file_name_is_shown_harmlessly(root: Path, own_file: Callable[..., Path]) -> None:
    with pytest.raises(CatalogError) as caught:
        read_catalog(root, [own_file("x = 1", "\x1b]0;owned\x07.toml")])
    assert str(caught.value).endswith("\\x1b]0;owned\\x07.toml:1: unknown table 'x'")


def test_files_that_cannot_be_read(root: Path, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"cannot read .*gone\.toml: No such file"):
        read_catalog(root, [tmp_path / "gone.toml"])
    with pytest.raises(StorageError, match=r"no catalog in .*; install sattrack again"):
        read_catalog(tmp_path)


def test_the_shipped_catalog_has_no_fault_and_each_entry_cites_a_source() -> None:
    catalog = read_catalog(catalog_root())
    assert len(catalog) > 100
    for entry in catalog:
        assert entry.source.title
