"""OMM as KVN and XML: the standard's own example, its liberties, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from xml.sax.saxutils import escape

import pytest
from formats.samples import GK2A, ISS, csv_document

from sattrack.elements import ElementSet
from sattrack.errors import RejectedDataError
from sattrack.formats import read_element_sets

# The OMM example of CCSDS 502.0-B-3, annex G, without its covariance.
GOES_9_KVN = """\
CCSDS_OMM_VERS = 3.0
COMMENT  THIS IS AN EXAMPLE = OF A COMMENT
CREATION_DATE  = 2020-065T16:00:00
ORIGINATOR     = NOAA
OBJECT_NAME    = GOES 9
OBJECT_ID      = 1995-025A
CENTER_NAME    = EARTH
REF_FRAME      = TEME
TIME_SYSTEM    = UTC
MEAN_ELEMENT_THEORY = SGP/SGP4

COMMENT USAF SGP4 IS THE ONLY PROPAGATOR THAT SHOULD BE USED FOR THIS DATA
EPOCH = 2020-064T10:34:41.4264
MEAN_MOTION = 1.00273272 [rev/day]
ECCENTRICITY=0.0005013
INCLINATION = 3.0539   [deg]
RA_OF_ASC_NODE = 81.7939 [ deg ]
ARG_OF_PERICENTER = 249.2363 [DEG]
MEAN_ANOMALY = 150.1602 [deg]
GM = 398600.8 [km**3/s**2]
EPHEMERIS_TYPE = 0
CLASSIFICATION_TYPE = U
NORAD_CAT_ID = 23581
ELEMENT_SET_NO = 0925
REV_AT_EPOCH = 4316
BSTAR = 0.0001 [1/ER]
MEAN_MOTION_DOT = -0.00000113 [rev/day**2]
MEAN_MOTION_DDOT = 0.0 [rev/day**3]
USER_DEFINED_EARTH_MODEL = WGS-84
"""

GOES_9 = ElementSet(
    norad_id=23581,
    epoch=datetime(2020, 3, 4, 10, 34, 41, 426400, UTC),
    mean_motion_rev_day=1.00273272,
    eccentricity=0.0005013,
    inclination_deg=3.0539,
    raan_deg=81.7939,
    argument_of_perigee_deg=249.2363,
    mean_anomaly_deg=150.1602,
    bstar_per_earth_radius=0.0001,
    mean_motion_dot_rev_day2=-0.00000113,
    name="GOES 9",
    cospar_id="1995-025A",
    element_set_no=925,
    rev_at_epoch=4316,
)


def kvn(*records: dict[str, str]) -> bytes:
    """Return one message for each record, as CelesTrak lays them out."""
    return b"\n".join(
        b"CCSDS_OMM_VERS = 2.0\nCREATION_DATE = \nORIGINATOR =\n"
        + "".join(f"{key:19} = {value}\n" for key, value in record.items()).encode()
        for record in records
    )


def xml(*records: dict[str, str]) -> bytes:
    """Return an NDM with one message for each record, as CelesTrak lays them out."""
    messages = []
    for record in records:
        tags = [f"<{key}>{escape(value)}</{key}>\n" for key, value in record.items()]
        messages.append(
            '<omm id="CCSDS_OMM_VERS" version="2.0"><header><CREATION_DATE/></header>\n'
            f"<body><segment><metadata>{''.join(tags[:2])}</metadata><data><meanElements>"
            f"{''.join(tags[2:9])}</meanElements><tleParameters>{''.join(tags[9:])}</tleParameters>"
            "</data></segment></body></omm>\n"
        )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<ndm>\n{"".join(messages)}</ndm>\n'.encode()


Write = Callable[..., bytes]


def test_the_example_of_the_standard_as_kvn() -> None:
    reading = read_element_sets(GOES_9_KVN.encode())
    assert (reading.form, reading.sets, reading.rejects) == ("omm-kvn", (GOES_9,), ())
    two = GOES_9_KVN + GOES_9_KVN.replace("-064T", "-065T")
    assert [e.epoch.day for e in read_element_sets(two.encode()).sets] == [4, 5]


def test_the_example_of_the_standard_as_xml() -> None:
    document = """<?xml version="1.0" encoding="UTF-8"?>
<omm xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
     xsi:noNamespaceSchemaLocation="https://sanaregistry.org/r/ndmxml/ndmxml-1.0-master.xsd"
     id="CCSDS_OMM_VERS" version="2.0">
  <header>
    <COMMENT>THIS IS AN EXAMPLE</COMMENT><COMMENT>OF COMMENTS</COMMENT>
    <CREATION_DATE>2020-065T16:00:00</CREATION_DATE><ORIGINATOR>NOAA</ORIGINATOR>
  </header>
  <body><segment>
    <metadata>
      <OBJECT_NAME>GOES <![CDATA[9]]></OBJECT_NAME>
      <OBJECT_ID>1995-025A</OBJECT_ID>
      <CENTER_NAME>EARTH</CENTER_NAME>
      <REF_FRAME>TEME</REF_FRAME>
      <TIME_SYSTEM>UTC</TIME_SYSTEM>
      <MEAN_ELEMENT_THEORY>SGP/SGP4</MEAN_ELEMENT_THEORY>
    </metadata>
    <data>
      <meanElements>
        <EPOCH>2020-03-04T10:34:41.4264Z</EPOCH>
        <MEAN_MOTION units="rev/day">1.00273272</MEAN_MOTION>
        <ECCENTRICITY>
          0.0005013
        </ECCENTRICITY>
        <INCLINATION units="deg">3.0539</INCLINATION>
        <RA_OF_ASC_NODE units="deg">81.7939</RA_OF_ASC_NODE>
        <ARG_OF_PERICENTER units="deg">249.2363</ARG_OF_PERICENTER>
        <MEAN_ANOMALY units="deg">150.1602</MEAN_ANOMALY>
        <GM units="km**3/s**2">398600.8</GM>
      </meanElements>
      <tleParameters>
        <NORAD_CAT_ID>23581</NORAD_CAT_ID>
        <ELEMENT_SET_NO>0925</ELEMENT_SET_NO>
        <REV_AT_EPOCH>4316</REV_AT_EPOCH>
        <BSTAR units="1/ER">0.0001</BSTAR>
        <MEAN_MOTION_DOT units="rev/day**2">-0.00000113</MEAN_MOTION_DOT>
        <MEAN_MOTION_DDOT units="rev/day**3">0.0</MEAN_MOTION_DDOT>
      </tleParameters>
      <userDefinedParameters>
        <USER_DEFINED parameter="A">1</USER_DEFINED>
        <USER_DEFINED parameter="B">2</USER_DEFINED>
      </userDefinedParameters>
    </data>
  </segment></body>
</omm>"""
    reading = read_element_sets(document.encode())
    assert (reading.form, reading.sets, reading.rejects) == ("omm-xml", (GOES_9,), ())
    prefixed = document.replace("<omm", "<x:omm").replace("</omm", "</x:omm")
    assert read_element_sets(prefixed[prefixed.index("<x:omm") :].encode()).sets == (GOES_9,)
    bare = document[document.index("<omm") :].encode()
    assert read_element_sets(bare).sets == (GOES_9,)


@pytest.mark.parametrize("write", [kvn, xml])
def test_several_messages_say_the_same_as_csv(write: Write) -> None:
    named = GK2A | {"OBJECT_NAME": "<A&B> = [C]"}
    expected = read_element_sets(csv_document(ISS, named)).sets
    assert read_element_sets(write(ISS, named)).sets == expected


@pytest.mark.parametrize("write", [kvn, xml])
def test_optional_keywords_may_be_left_out(write: Write) -> None:
    optional = ("EPHEMERIS_TYPE", "CLASSIFICATION_TYPE", "ELEMENT_SET_NO", "REV_AT_EPOCH")
    optional += ("MEAN_MOTION_DOT", "MEAN_MOTION_DDOT", "OBJECT_NAME")
    few = {key: value for key, value in ISS.items() if key not in optional}
    (elements,) = read_element_sets(write(few | {"OBJECT_ID": "UNKNOWN"})).sets
    (whole,) = read_element_sets(write(ISS)).sets
    assert elements == replace(
        whole, name="", cospar_id="", mean_motion_dot_rev_day2=0.0, rev_at_epoch=0
    )


@pytest.mark.parametrize(
    ("write", "line"), [(kvn, "line 22"), (xml, "line 22")], ids=["kvn", "xml"]
)
@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"MEAN_MOTION": "NaN"}, None),
        ({"BSTAR": " "}, "NORAD 25544: BSTAR: missing"),
        ({"REF_FRAME": "ICRF"}, "NORAD 25544: REF_FRAME ICRF: must be TEME"),
        (
            {"MEAN_ELEMENT_THEORY": "SGP4-XP"},
            "NORAD 25544: MEAN_ELEMENT_THEORY SGP4-XP: must be SGP4",
        ),
    ],
)
def test_a_bad_message_costs_itself_and_no_other(
    write: Write, line: str, change: dict[str, str], complaint: str | None
) -> None:
    complaint = complaint or (
        "NORAD 25544: MEAN_MOTION NaN: must be 0.0047 (the edge of the Earth's attraction) "
        "to 17.04 rev/day (its surface)"
    )
    reading = read_element_sets(write(GK2A, ISS | change))
    assert [elements.norad_id for elements in reading.sets] == [43823]
    assert [str(reject) for reject in reading.rejects] == [f"{line}: {complaint}"]


@pytest.mark.parametrize(
    ("old", "new", "line", "complaint"),
    [
        ("[rev/day]", "[rad/s]", 14, "MEAN_MOTION 1.00273272: must be in rev/day, not rad/s"),
        ("3.0539   [deg]", "3.0539 [rad]", 16, "INCLINATION 3.0539: must be in deg, not rad"),
        ("GM = ", "BSTAR = ", 26, "BSTAR 0.0001: is written twice"),
        ("EPHEMERIS_TYPE =", "TYPE", 21, "'TYPE 0': is not KEYWORD = value"),
        (
            "MEAN_MOTION = 1.00273272 [rev/day]",
            "SEMI_MAJOR_AXIS = 42164.1 [km]",
            1,
            "MEAN_MOTION: missing; SGP4 cannot use SEMI_MAJOR_AXIS instead",
        ),
    ],
)
def test_kvn_that_is_refused(old: str, new: str, line: int, complaint: str) -> None:
    document = GOES_9_KVN.replace(old, new).encode()
    (reject,) = read_element_sets(document).rejects
    assert str(reject) == f"line {line}: NORAD 23581: {complaint}"


def test_a_message_of_nobody_is_refused() -> None:
    document = GOES_9_KVN.replace("NORAD_CAT_ID = 23581\n", "").encode()
    (reject,) = read_element_sets(document).rejects
    assert str(reject) == "line 1: NORAD_CAT_ID: missing"


def test_two_faults_of_one_message_are_one_reject() -> None:
    document = GOES_9_KVN.replace("GM = ", "BSTAR = ").replace("_TYPE =", "_TYPE")
    assert len(read_element_sets(document.encode()).rejects) == 1


@pytest.mark.parametrize(
    ("new", "line", "complaint"),
    [
        ('<BSTAR units="m**2/kg">', 18, "BSTAR .11035045E-3: must be in 1/ER, not m**2/kg"),
        ("<BSTAR>1</BSTAR><BSTAR>", 18, "BSTAR .11035045E-3: is written twice"),
        ("<BSTAR><b>1</b>", 3, "BSTAR: missing"),
    ],
)
def test_xml_messages_that_are_refused(new: str, line: int, complaint: str) -> None:
    reading = read_element_sets(xml(ISS, GK2A).replace(b"<BSTAR>", new.encode(), 1))
    assert [elements.norad_id for elements in reading.sets] == [43823]
    assert [str(reject) for reject in reading.rejects] == [f"line {line}: NORAD 25544: {complaint}"]


def test_other_messages_of_an_ndm_are_passed_over() -> None:
    opm = b"<opm><EPOCH>2000-01-01T00:00:00</EPOCH><NORAD_CAT_ID>1</NORAD_CAT_ID></opm>"
    document = xml(ISS, GK2A).replace(b"<omm", opm + b"<omm").replace(b"</ndm>", opm + b"</ndm>")
    assert read_element_sets(document) == read_element_sets(xml(ISS, GK2A))


@pytest.mark.parametrize(
    ("document", "complaint"),
    [
        (
            b'<?xml version="1.0"?>\n<!DOCTYPE ndm [<!ENTITY a SYSTEM "file:///etc/hostname">]>\n'
            + xml(ISS).replace(b"ISS (ZARYA)", b"&a;").partition(b"\n")[2],
            "the XML declares a document type, as no OMM does: ndm",
        ),
        (
            b'<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x">',
            "the XML declares a document type, as no OMM does: html",
        ),
        (
            xml(ISS).replace(b"ISS (ZARYA)", b"&a;"),
            "line 4: the XML is broken or cut short at column 39",
        ),
        (xml(ISS)[:485], "line 11: the XML is broken or cut short at column 28"),
        (xml(ISS) + b"<ndm/>", "line 23: the XML is broken or cut short at column 1"),
        (b"<ndm>" + b"<a>" * 1_000_000, "the XML is nested too deeply for element sets"),
        (b"<ndm/>", "XML, but not of element sets: '<ndm/>'"),
        (
            b"<?xml version='1.0'?><html><body>Log in</body></html>",
            "XML, but not of element sets: '<?xml version='1.0'?><html><body>Log in</body></html>'",
        ),
        (
            b"CCSDS_OEM_VERS = 3.0\nCREATION_DATE = 2026-11-24T02:00:00\n",
            "not element sets in any known form: "
            "'CCSDS_OEM_VERS = 3.0CREATION_DATE = 2026-11-24T02:00:00'",
        ),
    ],
)
def test_documents_that_are_refused_as_a_whole(document: bytes, complaint: str) -> None:
    with pytest.raises(RejectedDataError) as caught:
        read_element_sets(document)
    assert str(caught.value) == complaint


def test_a_declared_encoding_does_not_overrule_the_bytes() -> None:
    document = xml(ISS | {"OBJECT_NAME": "천리안"}).replace(b"UTF-8", b"ISO-8859-1")
    assert read_element_sets(document).sets[0].name == "천리안"
