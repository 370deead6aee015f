"""Every word of the page's own, in English and Korean; names and facts come from the catalog.

Words in braces are filled in by the page.
"""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

Language: TypeAlias = Literal["en", "ko"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

STRINGS: dict[str, tuple[str, str]] = {
    "title": ("Satellites and missions", "위성과 임무"),
    "skip": ("Skip to the content", "본문으로 건너뛰기"),
    "made": ("Made", "작성"),
    "covers": ("Window", "예보 기간"),
    "settings": ("Settings", "설정"),
    "language": ("Language", "언어"),
    "scheme": ("Colours", "색상"),
    "scheme_auto": ("as the device", "기기 설정대로"),
    "scheme_light": ("light", "밝게"),
    "scheme_dark": ("dark", "어둡게"),
    "zone": ("Times in", "시간대"),
    "zone_device": ("this device's zone", "이 기기의 시간대"),
    "contents": ("Contents", "차례"),
    "notices": ("What to know first", "먼저 알아 둘 것"),
    "noscript": (
        "The globe, the positions and the switches need JavaScript, which is part of this file. "
        "Passes, missions and downloads are below all the same.",
        "지구본, 현재 위치, 설정 기능은 이 파일에 들어 있는 자바스크립트가 있어야 동작합니다. "
        "통과 예보, 임무, 내려받기는 그대로 볼 수 있습니다.",
    ),
    # Where they are
    "where": ("Where they are now", "현재 위치"),
    "globe": (
        "Globe with the satellites; the arrow keys turn it. The table below says the same.",
        "위성이 표시된 지구본. 방향키로 돌릴 수 있습니다. 아래 표에 같은 내용이 있습니다.",
    ),
    "map": (
        "Map of the world with the points beneath the satellites. The table below says the same.",
        "위성 직하점이 표시된 세계 지도. 아래 표에 같은 내용이 있습니다.",
    ),
    "drawn": (
        "Heights are drawn compressed. Grey is night. Hollow marks are planned craft, and craft at "
        "the Moon, of which the map has the point beneath as seen from the Earth's centre.",
        "고도는 압축하여 그렸습니다. 회색은 밤입니다. 속이 빈 표시는 계획된 위성 또는 달 궤도의 "
        "탐사선이며, 달 탐사선은 지구 중심에서 본 직하점으로 지도에 나타냅니다.",
    ),
    "follow": ("Follow", "따라갈 위성"),
    "turn_west": ("Turn west", "서쪽으로 돌리기"),
    "turn_east": ("Turn east", "동쪽으로 돌리기"),
    "lag": ("Move the time, in minutes from now", "시각 이동(현재로부터 분)"),
    "live": ("Now", "현재"),
    "instant": ("Time shown", "표시 시각"),
    "where_caption": (
        "Latitude, longitude and height above the WGS 84 ellipsoid, computed in this page",
        "이 페이지에서 계산한 위도, 경도, WGS 84 타원체 기준 고도",
    ),
    "craft": ("Spacecraft", "위성"),
    "latitude": ("Latitude", "위도"),
    "longitude": ("Longitude", "경도"),
    "height": ("Height", "고도"),
    "orbit_data": ("Orbit data", "궤도 자료"),
    "good": ("Times good to", "시각 정확도"),
    "unknown": ("not known here", "이 페이지에 없음"),
    "days_old": ("{days} days old", "{days}일 지남"),
    "days_ahead": ("{days} days ahead", "{days}일 이후 자료"),
    "until": ("ephemeris until {time}", "{time}까지의 궤도력"),
    "planned": ("planned", "계획"),
    "nominal": ("nominal orbit, not flown", "명목 궤도(비행 전)"),
    "nominal_short": ("nominal", "명목"),
    "illustrative": (
        "nominal orbit, illustrative; not the operator's design",
        "예시용 명목 궤도(운영 기관의 설계가 아님)",
    ),
    "stale": ("stale", "오래된 자료"),
    "useless": ("too old: times mean nothing any more", "너무 오래되어 시각이 의미 없음"),
    # Notices
    "page_over": (
        "This page was made {made} and tells of passes until {end}, which is over. "
        "Make it again with sattrack report.",
        "이 페이지는 {made}에 만들어졌고 통과 예보 기간은 {end}에 끝났습니다. "
        "sattrack report로 다시 만드십시오.",
    ),
    "stale_notice": (
        "Stale orbit data, up to {days} days old: {names}. Times are off by more than 10 s; the "
        "column “Times good to” tells how much. Run sattrack update, then sattrack report.",
        "오래된 궤도 자료(최대 {days}일 지남): {names}. 시각 오차가 10초를 넘으며, 크기는 "
        "‘시각 정확도’ 열에 있습니다. sattrack update 후 sattrack report를 실행하십시오.",
    ),
    "planned_notice": (
        "Planned, on nominal orbits, not measured: {names}.",
        "계획 단계이며 측정이 아닌 명목 궤도를 씁니다: {names}.",
    ),
    "missing": ("Not on this page", "이 페이지에 없는 것"),
    "warnings": ("Warnings when this page was made", "작성 당시의 경고"),
    # Passes
    "passes": ("Next passes", "다음 통과"),
    "no_places": (
        "No place was given, so there are no passes; make the page with --at PLACE.",
        "지점을 지정하지 않아 통과 예보가 없습니다. --at PLACE로 페이지를 만드십시오.",
    ),
    "filter_craft": ("Show spacecraft", "위성 고르기"),
    "filter_place": ("Show place", "지점 고르기"),
    "every": ("all", "전체"),
    "passes_table": ("Table of the next passes", "다음 통과 표"),
    "passes_caption": (
        "When places can reach spacecraft, above {mask} degrees of elevation",
        "지점에서 위성과 교신할 수 있는 시각(고도각 {mask}도 이상)",
    ),
    "place": ("Place", "지점"),
    "date": ("Date", "날짜"),
    "rise": ("Rise", "뜸"),
    "azimuth": ("Az", "방위"),
    "highest": ("Highest", "최고"),
    "elevation": ("El", "고도각"),
    "set": ("Set", "짐"),
    "length": ("Length", "길이"),
    "before": ("before", "이전"),
    "after": ("after", "이후"),
    "shown": (
        "{shown} of {all} passes to come; times in {zone}",
        "앞으로의 통과 {all}회 중 {shown}회, 시간대 {zone}",
    ),
    "shown_past": (
        "{shown} of {all} passes, all of them over; times in {zone}",
        "통과 {all}회 중 {shown}회(모두 지남), 시간대 {zone}",
    ),
    "more": ("Show all", "모두 보기"),
    "always_title": ("Without rise and set", "뜨고 지지 않는 위성"),
    "always": ("always above the mask", "항상 최저 고도각 위"),
    "never": ("never above the mask in this window", "이 기간에는 최저 고도각 아래"),
    # Timeline
    "timeline": ("Contact timeline", "교신 시간표"),
    "range": ("Show", "표시 범위"),
    "range_all": ("the whole window", "전체 기간"),
    "range_6": ("the next 6 hours", "앞으로 6시간"),
    "range_24": ("the next 24 hours", "앞으로 24시간"),
    "timeline_note": (
        "Bars are contacts; pale ones are of planned craft. The table above has the same times.",
        "막대가 교신 구간이며, 옅은 막대는 계획된 위성입니다. 같은 시각이 위의 표에 있습니다.",
    ),
    "lane": ("{n} contacts", "교신 {n}회"),
    # Sky
    "sky": ("The sky of the first passes", "처음 통과들의 하늘 지도"),
    "sky_note": (
        "For each place up to eight passes from the start of the window, of craft that fly if any "
        "do; east is on the left, as when looking up. Dashed lines are in the Earth's shadow; "
        "times are in the page's zone.",
        "지점마다 예보 기간 처음부터 최대 8회의 통과이며, 계획된 위성은 다른 위성이 없을 때만 "
        "그립니다. 하늘을 올려다본 모습이라 동쪽이 왼쪽입니다. 파선은 지구 그림자 속이며, 시각은 "
        "페이지의 시간대입니다.",
    ),
    # Missions
    "missions": ("Missions and spacecraft", "임무와 위성"),
    "in_english": (
        "Facts are quoted in English, each with the number of its source.",
        "사실은 영어로 인용하며, 각각 출처 번호를 붙였습니다.",
    ),
    "status": ("Status", "상태"),
    "operator": ("Operator", "운영 기관"),
    "launched": ("Launched", "발사"),
    "spacecraft": ("Spacecraft", "위성"),
    "instruments": ("Instruments", "탑재체"),
    "orbit": ("Orbit", "궤도"),
    "by_elements": ("elements of", "궤도 요소 기준 시각"),
    "by_table": ("ephemeris until", "궤도력, 다음까지"),
    "by_plan": ("nominal orbit of a planned craft", "계획된 위성의 명목 궤도"),
    "no_orbit": ("no orbit on this page", "이 페이지에 궤도 없음"),
    "facts": ("Facts ({n})", "사실({n})"),
    "milestones": ("Milestones ({n})", "주요 일정({n})"),
    "sources": ("Sources ({n})", "출처({n})"),
    # Downloads and the end
    "downloads": ("Downloads", "내려받기"),
    "passes.ics": ("Calendar of the passes (iCalendar)", "통과 예보 달력(iCalendar)"),
    "passes.csv": ("Passes as a table (CSV)", "통과 예보 표(CSV)"),
    "passes.json": ("Passes for programs (JSON)", "프로그램용 통과 예보(JSON)"),
    "passes.czml": ("Orbits and contacts for Cesium (CZML)", "Cesium용 궤도와 교신(CZML)"),
    "elements.json": ("Element sets (OMM, JSON)", "궤도 요소(OMM, JSON)"),
    "about": ("About this page", "이 페이지에 대하여"),
    "about_text": (
        "Made by sattrack. Everything is inside this file: it loads nothing, sends nothing and "
        "counts nobody. Choices of language, colours and times are kept in this browser.",
        "sattrack이 만들었습니다. 모든 내용이 이 파일 안에 있으며, 아무것도 불러오거나 보내지 "
        "않고 방문자를 세지 않습니다. 언어, 색상, 시간대 선택은 이 브라우저에만 저장됩니다.",
    ),
    "licences": ("Licences", "라이선스"),
}


def words(key: str, language: Language, **values: object) -> str:
    """Return a text of the page's own."""
    return STRINGS[key][LANGUAGES.index(language)].format(**values)


def table() -> dict[str, dict[str, str]]:
    """Return all texts as the page's script reads them."""
    return {key: dict(zip(LANGUAGES, texts, strict=True)) for key, texts in STRINGS.items()}
