"""Answers in Korean: what people read is, what programs read is not."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import unicodedata

import pytest

from sattrack.cli.main import program
from sattrack.views.korean import CELLS, HELP, MESSAGES, SENTENCES, translated
from sattrack.views.language import Language, spoken, wanted
from sattrack.views.tables import cells_wide

WINDOW = ("--start", "2026-10-08T09:00+09:00", "--days", "0.4", "--tz", "KST")
PASSES = ("passes", "recon", "--at", "seoul", *WINDOW)


def hangul(text: str) -> bool:
    return any(unicodedata.name(c, "").startswith("HANGUL") for c in text)


def test_passes_are_told_in_korean(sattrack):
    run = sattrack(*PASSES, "--lang", "ko")
    assert run.status == 0
    lines = run.out.splitlines()
    assert lines[0] == "Seoul (37.566N 126.9784E) 통과, 고도각 10° 이상"
    assert lines[1] == "2026-10-08 09:00:00 KST, UTC+09:00 ~ 2026-10-08 18:36:00 KST, UTC+09:00"
    assert lines[3] == "  군 정찰위성 1호 (58463): 내장 궤도 요소(기준 시각 2026-10-07 23:37 UTC,"
    assert lines[4] == "    0.0일 지남, 시각 오차 ± 0.0 s)"
    assert lines[-1] == "군 정찰위성 5호: 이 기간에 고도각 10° 위로 뜨지 않습니다."
    titles = next(line for line in lines if line.startswith("날짜")).split()
    assert titles[:4] == ["날짜", "위성", "뜸", "방위"]
    assert {"고도각", "짐"} < set(titles)


def test_visible_passes_are_told_in_korean(sattrack):
    out = sattrack(
        "passes", "recon", "--at", "seoul", "--visible", "--days", "3", "--lang", "ko"
    ).out
    assert "Seoul (37.566N 126.9784E) 가시 통과, 고도각 10° 이상, 태양 고도각 -6° 미만" in out
    assert "타원체 지구(WGS 84)의 본음영 밖에 있는 동안 가시로 봅니다." in " ".join(out.split())


def test_a_position_is_told_in_korean(sattrack):
    run = sattrack("position", "gems", "danuri", "--at", "kdsa", "--lang", "ko")
    lines = run.out.splitlines()
    assert "관측 지점 여주 심우주안테나" in " ".join(run.out.split())
    titles = next(line for line in lines if line.startswith("위성 ")).split()
    assert titles[:4] == ["위성", "위도", "경도", "고도"]
    assert any(line.startswith("천리안위성 2B호") for line in lines)
    assert "다누리: 달 상공 " in run.out
    assert "경고: 다누리: " in run.err or "경고: 천리안위성 2B호 궤도 요소" in run.err


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("passes",), 2, "옵션 '--at' 필요; 도움말: sattrack passes --help"),
        (("passes", "xx", "--at", "seoul"), 3, "알 수 없는 이름 'xx'; 실행: sattrack list"),
        (("pases",), 2, "없는 명령: 'pases'. 혹시 'passes'?; 도움말: sattrack --help"),
        (
            ("passes", "gems", "--at", "seoul", "--days", "0"),
            2,
            "--days 0: 기간이 아닙니다. 0보다 큰 값을 주십시오",
        ),
        (
            ("passes", "gems", "--at", "xx"),
            3,
            "알 수 없는 지점 'xx'; 좌표로 쓰십시오(예: 37.5665,126.978)",
        ),
        (
            ("passes", "gems", "--at", "seoul", "--start", "soon"),
            2,
            "시각 'soon': 읽을 수 없습니다. 예: 2026-11-25T06:00Z, 'tomorrow 18:00', +3d",
        ),
    ],
)
def test_errors_are_told_in_korean_with_the_same_status(sattrack, arguments, status, said):
    run = sattrack(*arguments, "--lang", "ko")
    assert (run.status, run.err) == (status, f"sattrack: {said}\n")
    assert sattrack(*arguments).status == status


def test_help_is_in_korean(sattrack):
    out = sattrack("--help", "--lang", "ko").out
    assert out.startswith("사용법: sattrack [OPTIONS] COMMAND [ARGS]...\n")
    assert "\n옵션:\n" in out
    assert "\n명령:\n" in out
    assert "  passes       지점 상공 통과 예보: 뜸, 최고, 짐.\n" in out
    out = sattrack("passes", "--help", "--lang", "ko").out
    assert "\n인자:\n" in out
    assert "[기본값: now]" in out
    assert max(map(cells_wide, out.splitlines())) <= 80


def test_the_summary_of_every_command_has_a_translation():
    for command in program().registered_commands:
        text = " ".join((command.callback.__doc__ or "").split("\n\n")[0].split())
        assert hangul(HELP[text])


@pytest.mark.parametrize(
    "arguments",
    [
        PASSES,
        ("position", "recon"),
        ("list", "korea"),
        ("outages", "gems", "--at", "seoul", "--days", "366"),
        ("overhead", "--at", "seoul"),
    ],
)
def test_columns_stand_in_line_whatever_the_width_of_letters(sattrack, arguments):
    lines = sattrack(*arguments, "--lang", "ko").out.splitlines()
    head = next(k for k, line in enumerate(lines) if len(re.split(" {2,}", line.strip())) > 3)
    table = lines[head : lines.index("", head)] if "" in lines[head:] else lines[head:]
    assert len(table) > 1
    assert max(map(cells_wide, table)) <= 80
    # A cell is blank where every line has a blank; two side by side part columns.
    cells = ["".join(c * cells_wide(c) for c in line).ljust(80) for line in table]
    blank = "".join(" " if set(column) == {" "} else "x" for column in zip(*cells, strict=True))
    assert len(re.split(" {2,}", blank.strip())) == len(re.split(" {2,}", table[0].strip()))


@pytest.mark.parametrize("form", ["json", "csv"])
@pytest.mark.parametrize(
    "arguments", [PASSES, ("position", "danuri", "gems", "--at", "kdsa"), ("list", "korea")]
)
def test_what_programs_read_is_the_same(sattrack, form, arguments):
    english = sattrack(*arguments, "--format", form)
    assert sattrack(*arguments, "--format", form, "--lang", "ko").out == english.out
    if form == "json":
        json.loads(english.out)


def test_the_locale_asks_for_korean_and_the_option_overrules_it(sattrack, monkeypatch):
    monkeypatch.setenv("LANG", "ko_KR.UTF-8")
    assert "통과" in sattrack(*PASSES).out
    assert not hangul(sattrack(*PASSES, "--lang", "en").out)
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    assert not hangul(sattrack(*PASSES).out)


def test_the_last_option_counts_and_none_after_two_dashes():
    assert wanted(["passes", "--lang", "en", "--lang=ko"], {}) is Language.ko
    assert wanted(["show", "--", "--lang", "ko"], {}) is Language.en
    assert wanted(["show", "--lang"], {"LANG": "kok_IN"}) is Language.en
    assert wanted(["show"], {"LC_MESSAGES": "ko", "LANG": "en_US"}) is Language.ko


def test_an_unknown_language_is_refused(sattrack):
    run = sattrack(*PASSES, "--lang", "xx")
    assert run.status == 2
    assert run.err == (
        "sattrack: invalid value for '--lang': 'xx' is not one of en, ko; "
        "see: sattrack passes --help\n"
    )


def test_a_command_in_english_does_not_read_the_korean():
    code = (
        "import sys; from sattrack.cli.main import run; run(['list', 'gems']); "
        "assert 'sattrack.views.korean' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)


# As users meet them, each as it is printed in English.
ERRORS = [
    "missing option '--at'; see: sattrack passes --help",
    "missing argument 'FILE'; see: sattrack convert --help",
    "no such option: --dayz (Possible options: --days); see: sattrack passes --help",
    "no such option: --zzz; see: sattrack passes --help",
    "no such command 'zzz'; see: sattrack --help",
    "got unexpected extra argument(s) (a b); see: sattrack schema --help",
    "option '--days' requires an argument; see: sattrack passes --help",
    "invalid value for '--days': 'x' is not a number; see: sattrack passes --help",
    "invalid value for '--limit': 'x' is not a whole number; see: sattrack passes --help",
    "invalid value for '--limit': 0 is less than 1; see: sattrack passes --help",
    "invalid value for '--format': 'x' is not one of table, json; see: sattrack passes --help",
    "--end and --days exclude each other; give one of them",
    "--days 0 is not a length of time; give more than 0",
    "--as-of asks the store; it has no sense with --elements",
    "--alarm rings from a calendar; give --format ics with it",
    "--at takes one place here; run the command once for each",
    "name at least one spacecraft, or give a file with --elements",
    "name at least one instrument or spacecraft, such as gems",
    "name the places to be imaged, such as --over seoul",
    "say --over which PLACE, or ask for the outlines with --map",
    "give a place with --at, or --grid for a grid of points",
    "name spacecraft or a --group, not both",
    "a limit of 0 passes leaves nothing; give 1 or more",
    "a minimum elevation of 95 degrees is outside -10 to 89",
    "a limit of 80 degrees for the Sun is outside -90 to 0",
    "a distance of 0 km is outside 1 to 2000",
    "the window ends at 2026-10-07T00:00:00Z, not after its start 2026-10-08T00:00:00Z",
    "1e+09 days lead beyond the calendar".replace("1e+09", "9999999"),
    "cannot read the time 'soon': write for instance 2026-11-25T06:00Z, 'tomorrow 18:00' or +3d",
    "cannot read the time '11/12/2026': write 2026-11-12 or 2026-12-11",
    "time '+999999d' lies beyond the calendar",
    "time '2026-02-30': there is no day 2026-02-30",
    "time '2026-02-03 25:00': there is no time of day 25:00",
    "cannot read the duration 'x': write for instance 3d, 6h30m, 90m or 45s",
    "unknown time zone 'Seol': did you mean Asia/Seoul?",
    "unknown place 'xx'; write coordinates, for instance 37.5665,126.978",
    "unknown place 'seol'; did you mean Seoul?",
    "'springfield' is the name of several cities: Springfield, IL; Springfield, MO",
    "there is no 'seoul, fr', but there is Seoul, KR",
    "'x' is the name of several entries: a, b; choose one",
    "unknown name 'dannuri'; did you mean danuri? run: sattrack list",
    "unknown name 'xx'; run: sattrack list",
    "place '95,0': latitude 95 is beyond 90 degrees",
    "place '0,400': longitude 400 is outside -180 to 360",
    "cannot read the coordinates '1,x': write for instance 37.5665,126.978 or 37.5665N 126.978E",
    "cannot read the longitude 'x': write for instance 128.2E or 91W",
    "cannot read the frequency 'x': write for instance 437.5MHz, up to 300 GHz",
    "X-37B: nobody publishes its orbit; run: sattrack show x-37b",
    "'artemis' is a region and has no orbit; run: sattrack show artemis",
    "KDSA is a place on the ground; use it as --at kdsa",
    "no elements for ISS (NORAD 25544); run: sattrack update 25544, or give a file with --elements",
    "no element sets of Danuri are held; run: sattrack update danuri",
    "GEMS does not orbit the Moon, and flies over none of its regions",
    "Danuri is not geostationary, and stands at no slot",
    "cannot read x.txt: No such file or directory",
    "cannot write x/y: there is no folder x",
    "cannot write x: Permission denied",
    "x.txt: not element sets in any known form: 'hello'",
    "another update is running (pid 7); nothing was asked",
    "watch needs an extra; run: pip install sattrack-missions[tui]",
]


@pytest.mark.parametrize("text", ERRORS)
def test_frequent_errors_have_a_translation(text):
    assert hangul(translated(text))


def test_there_are_sixty_of_them():
    assert len(set(ERRORS)) == 60


def test_what_is_not_translated_stays_english():
    text = "a sentence that nobody has written: yet"
    with spoken(Language.ko):
        assert translated(text) == text


def test_hostile_text_is_quick_and_stays_as_it_is():
    text = "; run: ".join(["a: " * 100] * 10)
    assert isinstance(translated(text), str)
    assert "{n}" in translated("unknown name '{n}'; run: sattrack list")


def test_the_table_fills_in_what_the_english_has():
    from string import Formatter

    for english, korean in (SENTENCES | MESSAGES | HELP).items():
        names = [name for _, name, _, _ in Formatter().parse(english) if name]
        assert len(set(names)) == len(names), english
        assert sorted(names) == sorted(n for _, n, _, _ in Formatter().parse(korean) if n), english
    assert all(map(hangul, CELLS.values()))


def test_what_is_told_of_each_question_is_korean_to_the_last_sentence(sattrack):
    for arguments in (
        ("slot", "gems", "--days", "366"),
        ("outages", "gems", "--at", "seoul"),
        ("overflights", "danuri", "--region", "artemis"),
        ("dop", "--at", "seoul", "--systems", "gps,kps", "--step", "1h"),
        ("status",),
        ("history", "gems"),
        ("screen", "recon", "--at", "seoul", "--days", "0.3"),
        ("overhead", "--at", "seoul"),
    ):
        run = sattrack(*arguments, "--lang", "ko")
        assert run.status in (0, 4), run.err
        english = r"\b(eclipses|outages?|the|in|to|is|of|window|with|elements|days|passes|every)\b"
        lines = (run.out + run.err).splitlines()
        assert not [line for line in lines if re.search(english, line)]
