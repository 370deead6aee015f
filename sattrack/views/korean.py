"""Korean for what the program says: a table of its English phrases.

Words in braces stand for what is filled in. Names of several kinds say what that may be: `{n}`,
`{m}` and `{count}` are numbers, `{start}`, `{end}` and `{time}` are dates with or without times,
`{name}`, `{who}` and `{place}` name something that may have a Korean name. Those in `_PHRASES` are
phrases themselves, or several with semicolons between them; `{limits}` has commas. `{told}` and
`{seasons}` begin as such phrases do. Anything else is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextvars import ContextVar
from functools import cache, lru_cache
from string import Formatter

# Korean names of entries of the catalog by their English ones.
NAMES: ContextVar[Mapping[str, str]] = ContextVar("names", default={})  # noqa: B039

_NUMBER = re.compile(r"[-+]?[\d,.]+")
_TIME = re.compile(
    r"\d{4}-\d\d-\d\d(?:[ T][\d:.]+Z?)?(?: [\w+:-]+(?:, UTC[-+][\d:]+)?)?",
    re.ASCII,
)
_SEASON = re.compile(r"\d{4}-\d\d-\d\d to \d{4}-\d\d-\d\d", re.ASCII)
_NUMBERS = {"n", "m", "count"}
_TIMES = {"start", "end", "time"}
_NAMES = {"name", "who", "place", "names"}
_PHRASES = {
    "age", "mask", "where", "reason", "source", "label", "part", "rest", "seasons", "told",
    "solution", "convention", "side",
}  # fmt: skip
_LISTS = {"limits"}
_BEGIN = {
    "told": ("outside the field of regard of ", "beyond the limb for ", "behind the Earth for "),
    "limits": ("optical", "radar"),
}

_NAME_COLUMNS = {
    "Spacecraft", "Place", "Region", "Craft", "Instrument", "Name", "English", "Revisit", "Korean",
    "ID", "Systems",
}  # fmt: skip

TITLES = {
    "Spacecraft": "위성",
    "Craft": "위성",
    "Instrument": "탑재체",
    "Place": "지점",
    "Region": "지역",
    "Systems": "시스템",
    "Date": "날짜",
    "Time": "시각",
    "Zone": "시간대",
    "Rise": "뜸",
    "Set": "짐",
    "By": "사유",
    "Az": "방위",
    "El": "고도각",
    "Highest": "최고 시각",
    "Length": "길이",
    "Range": "거리",
    "Rate": "거리 변화율",
    "From": "시작",
    "To": "끝",
    "Overlap": "겹침",
    "Latitude": "위도",
    "Longitude": "경도",
    "Height": "고도",
    "Speed": "속력",
    "Mag": "등급",
    "Sky": "하늘",
    "Moon": "달",
    "Sun": "태양",
    "Seen from": "가시 시작",
    "Until": "가시 끝",
    "Number": "번호",
    "Light": "조명",
    "Elements": "궤도 요소",
    "ID": "ID",
    "Name": "이름",
    "Korean": "한국어 이름",
    "English": "영어 이름",
    "Orbit data": "궤도 자료",
    "Status": "상태",
    "Start": "시작",
    "Peak": "최대",
    "End": "끝",
    "Closest": "최근접",
    "Orbit": "궤도",
    "Slot": "정지 위치",
    "Off": "벗어남",
    "Drift/day": "하루 이동",
    "E-W": "동서",
    "N-S": "남북",
    "Eccentricity": "이심률",
    "Inclination": "경사각",
    "Penumbra": "반음영",
    "Umbra": "본음영",
    "to": "본음영 끝",
    "at": "위치",
    "Sunlit": "반음영 끝",
    "Distance": "거리",
    "Off nadir": "연직 이탈각",
    "Entry": "진입",
    "Exit": "이탈",
    "Inside": "관측 영역",
    "Zenith angle": "천정각",
    "Pixel N-S x E-W": "화소 남북 x 동서",
    "Sun within": "태양 천정각",
    "At best": "최소",
    "Scans": "스캔",
    "Starts": "시작",
    "Side": "방향",
    "Incidence": "입사각",
    "Ground": "지상 거리",
    "Revisit": "재방문",
    "Accesses": "촬영 기회",
    "Visits": "방문",
    "Mean gap": "평균 간격",
    "Median": "중앙값",
    "Worst": "최악",
    "Best": "최선",
    "Longest wait": "최장 대기",
    "In view": "가시 위성",
    "≥ 4 in view": "4기 이상",
    "Epoch": "기준 시각",
    "Source": "출처",
    "Retrieved": "받은 때",
    "After": "이후",
    "Before": "이전",
    "Perhaps at": "추정 시각",
    "Along": "진행 방향",
    "Across": "수직 방향",
    "Late": "지연",
    "Days old": "경과 일수",
    "Compared": "비교 수",
    "Half below": "절반 이내",
    "68 % below": "68 % 이내",
    "Usual": "통상",
    "With manoeuvres": "기동 포함",
    "NORAD": "NORAD",
    "Age": "경과",
    "Due": "다음 갱신",
    "Change": "변화",
}

CELLS = {
    "before": "이전",
    "after": "이후",
    "none": "없음",
    "nominal": "명목",
    "elements": "요소",
    "horizon": "지평선",
    "limb": "달 가장자리",
    "Moon": "달",
    "rise": "뜸",
    "set": "짐",
    "shadow": "음영",
    "dawn": "새벽",
    "dusk": "황혼",
    "(window)": "(기간)",
    "day": "낮",
    "civil": "시민박명",
    "nautical": "항해박명",
    "astron.": "천문박명",
    "night": "밤",
    "sunlit": "햇빛",
    "penumbra": "반음영",
    "umbra": "본음영",
    "planned": "계획",
    "operational": "운용 중",
    "unpublished": "비공개",
    "ephemeris": "궤도력",
    "embedded": "내장",
    "nothing": "없음",
    "now": "지금",
    "cut": "잘림",
    "inside": "안",
    "approximately": "대략 안",
    "planned craft, inside": "계획 위성, 안",
    "planned craft, approximately": "계획 위성, 대략 안",
    "left": "왼쪽",
    "right": "오른쪽",
    "in view": "가시 위성",
    "new": "새로 생김",
    "gone": "사라짐",
    "together": "모두 합쳐",
}
_CELLS_WITH = {
    "{n} d old": "{n}일 지남",
    "{n} d ahead": "{n}일 앞섬",
    "{n} d": "{n}일",
    "{n} to {m}": "{n}~{m}",
    "{rest} (horizon)": "{rest} (지평선)",
    "{rest} (window)": "{rest} (기간)",
    "not offered since {time}": "{time}부터 제공 없음",
}

# Earlier ones go first.
SENTENCES = {
    # Windows, places, orbits
    "{start} to {end}": "{start} ~ {end}",
    "above {n}°": "고도각 {n}° 이상",
    "above {n}° and the place's own horizon": "고도각 {n}° 및 지점 고유의 지평선 이상",
    "{who}: {label}; nominal orbit, illustrative; not the operator's design": (
        "{who}: {label}; 예시용 명목 궤도(운영 기관의 설계가 아님)"
    ),
    "{who}: {label}; nominal orbit": "{who}: {label}; 명목 궤도",
    "{who}: {source} elements of {start} to {end} UTC, {age}": (
        "{who}: {source} 궤도 요소(기준 시각 {start} ~ {end} UTC, {age})"
    ),
    "{who}: {source} elements of {time} UTC, {age}": (
        "{who}: {source} 궤도 요소(기준 시각 {time} UTC, {age})"
    ),
    "{n} days old, times ± {error}": "{n}일 지남, 시각 오차 ± {error}",
    "{n} days ahead, times ± {error}": "{n}일 앞섬, 시각 오차 ± {error}",
    "{n} to {m} days old": "{n}~{m}일 지남",
    "{n} days ahead to {m} days old": "{n}일 앞섬 ~ {m}일 지남",
    "{n} days old": "{n}일 지남",
    "{n} days ahead": "{n}일 앞섬",
    "{n} objects": "{n}개 물체",
    "1 object": "1개 물체",
    "{who}: {source} ephemeris, {start} to {end} UTC, measured to {time}, ± {error}, "
    "times ± {say}": (
        "{who}: {source} 궤도력({start} ~ {end} UTC, {time}까지 실측), 위치 오차 ± {error}, "
        "시각 오차 ± {say}"
    ),
    "{who}: {source} ephemeris, {start} to {end} UTC, ± {error}, times ± {say}": (
        "{who}: {source} 궤도력({start} ~ {end} UTC), 위치 오차 ± {error}, 시각 오차 ± {say}"
    ),
    # Passes
    "Passes over {place}, {mask}": "{place} 통과, {mask}",
    "Visible passes over {place}, {mask}, with the Sun below {n}°": (
        "{place} 가시 통과, {mask}, 태양 고도각 {n}° 미만"
    ),
    "{name} is never above {n}° in this window.": (
        "{name}: 이 기간에 고도각 {n}° 위로 뜨지 않습니다."
    ),
    "{name} is always above {n}° in this window.": (
        "{name}: 이 기간 내내 고도각 {n}° 위에 있습니다."
    ),
    "{name} is always above {n}°: highest {m}° in azimuth {azimuth} at {time}.": (
        "{name}: 항상 고도각 {n}° 위에 있습니다. 최고 고도각 {m}°, 방위각 {azimuth}, {time}."
    ),
    "Doppler: shift as received at rise, highest and set.": (
        "도플러: 뜰 때, 가장 높을 때, 질 때 수신되는 주파수 편이."
    ),
    "{name} by all places together: heard {n}% of the time, {part}, {rest}": (
        "{name}, 모든 지점 통합: 전체 시간의 {n}% 수신, {part}, {rest}"
    ),
    "1 handover": "인계 1회",
    "{n} handovers": "인계 {n}회",
    "1 gap": "공백 1회",
    "{n} gaps": "공백 {n}회",
    "Per day (UTC): {days}": "일별(UTC): {days}",
    # Visible passes
    "{name} does not pass in this window.": "{name}: 이 기간에 통과하지 않습니다.",
    "{name} cannot be seen in its pass in this window.": (
        "{name}: 이 기간의 통과 1회는 눈에 보이지 않습니다."
    ),
    "{name} cannot be seen in any of its {n} passes in this window.": (
        "{name}: 이 기간의 통과 {n}회 모두 눈에 보이지 않습니다."
    ),
    "{name} is far from the Earth; whether it can be seen is not judged.": (
        "{name}: 지구에서 멀어 가시 여부를 판단하지 않습니다."
    ),
    "{name} orbits the Moon; whether it can be seen is not judged.": (
        "{name}: 달 궤도에 있어 가시 여부를 판단하지 않습니다."
    ),
    "Seen while outside the umbra of {where}.": "{where}의 본음영 밖에 있는 동안 가시로 봅니다.",
    "the oblate Earth (WGS 84)": "타원체 지구(WGS 84)",
    "a spherical Earth": "구형 지구",
    "the WGS 84 ellipsoid": "WGS 84 타원체",
    "a sphere": "구",
    "a diffuse sphere": "난반사 구",
    "the lit fraction of a disk": "원반의 밝은 비율",
    "Magnitudes are the brightest of each stretch, without air, for {where}, and may be off by 1; "
    "at {convention}: {standards}.": (
        "등급은 각 구간에서 가장 밝은 값으로 대기 감쇠를 뺀 것이며({where} 가정) 1등급 틀릴 수 "
        "있습니다. 기준({convention}): {standards}."
    ),
    "No published magnitude: {names}.": "공표된 등급 없음: {names}.",
    # Positions
    "{time}, from {place}": "{time}, 관측 지점 {place}",
    "{name} is {n} km above the Moon, over latitude {latitude}, east longitude {longitude} "
    "(mean-Earth frame), {where}, in orbit {m} since {time}; {count} km from the Earth's centre.": (
        "{name}: 달 상공 {n} km, 위도 {latitude}, 동경 {longitude}(평균 지구 좌표계), {where}, "
        "{time}부터 {m}번째 궤도, 지구 중심에서 {count} km."
    ),
    "sunlit": "햇빛 받음",
    "in the Moon's penumbra": "달의 반음영 속",
    "in the Moon's umbra": "달의 본음영 속",
    "in the Earth's penumbra": "지구의 반음영 속",
    "in the Earth's shadow": "지구의 그림자 속",
    "Seen from the place it is {where}, {n}° from the Moon's centre; light takes {m} s.": (
        "지점에서 볼 때 {where}, 달 중심에서 {n}°, 빛 도달 시간 {m} s."
    ),
    "behind the Moon": "달 뒤에 있음",
    "not behind the Moon": "달에 가리지 않음",
    # Overhead
    "{n} of {m} objects above {count}° over {place}, and above its own horizon": (
        "{place} 상공, 고도각 {count}° 및 고유의 지평선 이상: 물체 {m}개 중 {n}개"
    ),
    "{n} of {m} objects above {count}° over {place}": (
        "{place} 상공, 고도각 {count}° 이상: 물체 {m}개 중 {n}개"
    ),
    "{n} objects have no position by their elements: decayed, or too old.": (
        "물체 {n}개는 궤도 요소로 위치를 구할 수 없습니다(추락했거나 너무 오래됨)."
    ),
    "Nothing is there.": "아무것도 없습니다.",
    # Screening
    "Passes of {part} over {place}, above {n}°": "{place} 상공의 통과({part}), 고도각 {n}° 이상",
    "Passes of {part} over {place}, above {n}°, that can be seen with the Sun below {m}°": (
        "{place} 상공의 가시 통과({part}), 고도각 {n}° 이상, 태양 고도각 {m}° 미만"
    ),
    "Passes of {part} over {place}, above {n}°, highest at {m}° or more": (
        "{place} 상공의 통과({part}), 고도각 {n}° 이상, 최고 고도각 {m}° 이상"
    ),
    "No passes in this window.": "이 기간에 통과가 없습니다.",
    "No passes yet.": "아직 통과가 없습니다.",
    "1 pass of 1 object.": "물체 1개의 통과 1회.",
    "{n} passes of 1 object.": "물체 1개의 통과 {n}회.",
    "{n} passes of {m} objects.": "물체 {m}개의 통과 {n}회.",
    "Not complete: {rest}": "미완료: {rest}",
    # Outages
    "Sun outages at {place}, craft above {n}°": "{place} 태양 간섭, 위성 고도각 {n}° 이상",
    "Sun outages at {place}, craft above {n}° and the place's own horizon": (
        "{place} 태양 간섭, 위성 고도각 {n}° 및 지점 고유의 지평선 이상"
    ),
    "3 dB beamwidth {n}° of a {part}, Sun's radius {m}°: an outage while the Sun is closer than "
    "{count}°": ("3 dB 빔폭 {n}°({part}), 태양 반지름 {m}°: 태양이 {count}°보다 가까우면 간섭"),
    "3 dB beamwidth {n}°, Sun's radius {m}°: an outage while the Sun is closer than {count}°": (
        "3 dB 빔폭 {n}°, 태양 반지름 {m}°: 태양이 {count}°보다 가까우면 간섭"
    ),
    "{n} m dish (catalog) at {part}": "{n} m 안테나(카탈로그), {part}",
    "{n} m dish (assumed) at {part}": "{n} m 안테나(가정), {part}",
    "{n} m dish at {part}": "{n} m 안테나, {part}",
    "{n} GHz (catalog)": "{n} GHz(카탈로그)",
    "{n} GHz (assumed)": "{n} GHz(가정)",
    "{name} is never in view of {place} in this window: no outages.": (
        "{name}: 이 기간에 {place}에서 보이지 않아 간섭이 없습니다."
    ),
    "{name} at {place}: no outages in this window.": "{name}, {place}: 이 기간에 간섭이 없습니다.",
    "{name} at {place}: 1 outage.": "{name}, {place}: 간섭 1회.",
    "{name} at {place}: {n} outages.": "{name}, {place}: 간섭 {n}회.",
    "{start} to {end} (cut by the window), {part}, {total} in all, the longest {longest}": (
        "{start} ~ {end}(기간에 잘림), {part}, 합계 {total}, 최장 {longest}"
    ),
    "{start} to {end}, {part}, {total} in all, the longest {longest}": (
        "{start} ~ {end}, {part}, 합계 {total}, 최장 {longest}"
    ),
    "{name}: eclipses from {seasons}.": "{name}: 식 {seasons}.",
    "{name}: {seasons}.": "{name}: {seasons}.",
    "1 outage": "간섭 1회",
    "{n} outages": "간섭 {n}회",
    # Slots
    "Slots, and eclipses by the Earth as {where}": "정지 위치와 지구에 의한 식(지구는 {where})",
    "Mean longitude (east positive), drift and daily figure over two sidereal days: from the start "
    "of the window, or from the epoch of elements that are more than {n} days old.": (
        "평균 경도(동경이 양수), 이동률, 하루 궤적은 2항성일의 값입니다. 기간의 시작부터, 또는 "
        "{n}일보다 오래된 궤도 요소이면 그 기준 시각부터 계산합니다."
    ),
    "{name}: no eclipses in this window.": "{name}: 이 기간에 식이 없습니다.",
    "{start} to {end} (cut by the window), {part}, the longest {longest}, {umbra} of it umbra": (
        "{start} ~ {end}(기간에 잘림), {part}, 최장 {longest}(본음영 {umbra})"
    ),
    "{start} to {end}, {part}, the longest {longest}, {umbra} of it umbra": (
        "{start} ~ {end}, {part}, 최장 {longest}(본음영 {umbra})"
    ),
    "1 eclipse": "1회",
    "{n} eclipses": "{n}회",
    "taken to stand at its nominal slot {slot}, ± {error} assumed": (
        "명목 정지 위치 {slot}에 있다고 봄(± {error} 가정)"
    ),
    "more than {n} days from these {where}": "이 요소에서 {n}일이 넘으면 {where}",
    "for its eclipses {where}": "식 계산에서는 {where}",
    "{who}: {where}; the elements of {time} at hand are not used": (
        "{who}: {where}; 가진 궤도 요소({time})는 쓰지 않음"
    ),
    # Overflights
    "Overflights within {n} km of {m} regions on the Moon, or inside the outline": (
        "달의 {m}개 지역 상공 통과({n} km 이내 또는 윤곽 안)"
    ),
    "Overflights within {n} km of {m} regions on the Moon": (
        "달의 {m}개 지역 상공 통과({n} km 이내)"
    ),
    "Overflights within {n} km of {place} on the Moon, or inside the outline": (
        "달의 {place} 상공 통과({n} km 이내 또는 윤곽 안)"
    ),
    "Overflights within {n} km of {place} on the Moon": "달의 {place} 상공 통과({n} km 이내)",
    "{name} does not come near {place} in this window.": (
        "{name}: 이 기간에 {place} 근처에 오지 않습니다."
    ),
    # Coverage
    "What sees {n} places": "{n}개 지점 관측 위성과 탑재체",
    "What sees {place}": "{place} 관측 위성과 탑재체",
    "Daylight: the Sun within a limit of the zenith; and scans in the window": (
        "주간: 태양 천정각이 한계 이내인 시간, 그리고 기간 내 스캔 수"
    ),
    "Scans of {place} by {name}, with zenith angles of Sun and craft as they start": (
        "{name}의 {place} 스캔(시작할 때 태양과 위성의 천정각)"
    ),
    "Scans, with zenith angles of Sun and craft as they start": (
        "스캔(시작할 때 태양과 위성의 천정각)"
    ),
    "{place}: seen by none: {rest}.": "{place}: 보는 탑재체 없음. {rest}.",
    "{place}: {told}.": "{place}: {told}.",
    "outside the field of regard of {names}": "관측 영역 밖: {names}",
    "beyond the limb for {names}": "지평선 너머: {names}",
    "behind the Earth for {names}": "지구 뒤편: {names}",
    "Imaging access to {n} places, by geometry: ahead and behind as well as sideways": (
        "{n}개 지점 촬영 기회(기하 조건: 좌우와 앞뒤 모두)"
    ),
    "Imaging access to {place}, by geometry: ahead and behind as well as sideways": (
        "{place} 촬영 기회(기하 조건: 좌우와 앞뒤 모두)"
    ),
    "{name} cannot image {place} in this window.": "{name}: 이 기간에 {place} 촬영 불가.",
    "Gaps are from the end of a visit to the start of the next; accesses of one craft less than 15 "
    "minutes apart, or of several at once, are one visit. The wait counts the window's ends in.": (
        "간격은 한 방문의 끝에서 다음 방문의 시작까지입니다. 한 위성의 15분 이내 촬영 기회나 여러 "
        "위성의 동시 기회는 한 방문으로 셉니다. 대기에는 기간의 양 끝도 포함됩니다."
    ),
    "{names}: {limits}": "{names}: {limits}",
    "optical": "광학",
    "radar": "레이더",
    "up to {n}° off nadir": "연직 이탈각 {n}° 이내",
    "up to {n}° off nadir (given)": "연직 이탈각 {n}° 이내(지정)",
    "incidence {n}° to {m}°": "입사각 {n}° ~ {m}°",
    "incidence {n}° to {m}° (given)": "입사각 {n}° ~ {m}°(지정)",
    "on both sides": "양쪽",
    "on both sides (given)": "양쪽(지정)",
    "on the left side": "왼쪽",
    "on the left side (given)": "왼쪽(지정)",
    "on the right side": "오른쪽",
    "on the right side (given)": "오른쪽(지정)",
    "day and night": "주야간",
    "Sun above {n}°": "태양 고도각 {n}° 이상",
    "Sun above {n}° (given)": "태양 고도각 {n}° 이상(지정)",
    "assumed: {text}": "가정: {text}",
    "approximate: {text}": "대략: {text}",
    "Sizes of pixels are approximate: scaled from the size at a point of reference by range and "
    "slant.": "화소 크기는 대략의 값입니다(기준점의 크기를 거리와 기울기로 환산).",
    "{name}, field of regard, approximate: {text}": "{name}, 관측 영역, 대략: {text}",
    "{name}, pixel, approximate: {text}": "{name}, 화소, 대략: {text}",
    # Dilution of precision
    "Positioning at {place}": "{place} 측위",
    "PDOP, and in brackets the satellites in view:": "PDOP(괄호 안은 가시 위성 수):",
    "{start} to {end}, every {n} s": "{start} ~ {end}, {n} s 간격",
    "{start} to {end}, UTC{offset}, every {n} s": "{start} ~ {end}, UTC{offset}, {n} s 간격",
    "{start} to {end}, UTC{offset}, 1 instant": "{start} ~ {end}, UTC{offset}, 1개 시각",
    "{start} to {end}, UTC{offset}, {n} instants every {step}": (
        "{start} ~ {end}, UTC{offset}, {step} 간격 {n}개 시각"
    ),
    "{start} to {end}, 1 instant": "{start} ~ {end}, 1개 시각",
    "{start} to {end}, {n} instants every {step}": "{start} ~ {end}, {step} 간격 {n}개 시각",
    "Median PDOP of the points, and the least share of the time at any of them:": (
        "격자점들의 PDOP 중앙값, 그리고 격자점 가운데 가장 작은 시간 비율:"
    ),
    "--format geojson or csv gives every point.": (
        "모든 격자점은 --format geojson 또는 csv로 볼 수 있습니다."
    ),
    "{name}: {n} spacecraft, planned; nominal orbits, illustrative; not the {who} design": (
        "{name}: 위성 {n}기(계획), 예시용 명목 궤도이며 {who}의 설계가 아님"
    ),
    "{name}: illustrative; not the {who} design": "{name}: 예시용이며 {who}의 설계가 아님",
    "The offset between the times of two systems is an unknown of its own; TDOP and GDOP are of "
    "the receiver's clock against the first system in view.": (
        "두 시스템의 시각 차이는 따로 구할 미지수로 봅니다. TDOP와 GDOP는 가시 위성이 있는 첫 "
        "시스템에 대한 수신기 시계의 값입니다."
    ),
    "{name}: {n} spacecraft, planned; nominal orbits": "{name}: 위성 {n}기(계획), 명목 궤도",
    "{name}: {n} spacecraft, {source} orbits of {start} to {end}, {age}": (
        "{name}: 위성 {n}기, {source} 궤도({start} ~ {end}, {age})"
    ),
    "{name}: {n} spacecraft, {source} orbits of {time}, {age}": (
        "{name}: 위성 {n}기, {source} 궤도({time}, {age})"
    ),
    "In view from {n}° above the plane of the WGS 84 ellipsoid, geometric; no terrain or "
    "buildings.": (
        "WGS 84 타원체의 접평면 위 {n}° 이상이면 가시(기하학적 값이며 지형과 건물은 고려하지 않음)."
    ),
    "One receiver clock for all systems: the offsets between their times are known.": (
        "모든 시스템에 수신기 시계 하나: 시스템 사이의 시각 차이를 안다고 봅니다."
    ),
    "Every satellite with an orbit counts as healthy, and all ranges as equally good.": (
        "궤도가 있는 위성은 모두 정상이고 거리 측정의 정확도는 모두 같다고 봅니다."
    ),
    "Good is a PDOP up to {n}. Too few satellites, or a PDOP beyond {m}, which is as good as "
    "singular, is no position, and counts as worse than any number.": (
        "PDOP {n} 이하를 양호로 봅니다. 위성이 모자라거나 PDOP가 {m}을 넘으면 위치를 구할 수 없는 "
        "것으로, 어떤 값보다 나쁘게 셉니다."
    ),
    # History
    "{who}: 1 element set held": "{who}: 궤도 요소 1개 보유",
    "{who}: {n} element sets held": "{who}: 궤도 요소 {n}개 보유",
    "and {n} older ones; --limit shows more": "그 밖에 더 오래된 것 {n}개(--limit로 더 보기)",
    "No manoeuvres found between them.": "그 사이에 찾은 기동이 없습니다.",
    "Manoeuvres, pushes along and across the track": "기동(진행 방향과 수직 방향의 속도 변화)",
    "Too few sets to see how predictions go stale.": (
        "요소가 너무 적어 예측이 얼마나 빨리 낡는지 알 수 없습니다."
    ),
    "How far off the predictions of older sets were, seconds early or late. Usual is what 68 % "
    "stay below in this kind of orbit; manoeuvres are left out but in the last column.": (
        "오래된 요소의 예측이 얼마나 빗나갔는지(초 단위, 빠르거나 늦음). ‘통상’은 이런 궤도의 "
        "68 %가 들어오는 값이며, 마지막 열을 빼고는 기동을 제외합니다."
    ),
    # Updates and status
    "{time}: nothing stored yet; run: sattrack update": (
        "{time}: 아직 저장된 것이 없습니다. 실행: sattrack update"
    ),
    "{time}: {part} stored": "{time}: {part} 저장됨",
    "{n} element sets of {m} objects": "물체 {m}개의 궤도 요소 {n}개",
    "1 element set of 1 object": "물체 1개의 궤도 요소 1개",
    "{n} element sets of 1 object": "물체 1개의 궤도 요소 {n}개",
    "Earth orientation": "지구 자전 자료",
    "Embedded element sets": "내장 궤도 요소",
    "measured through {start} ({n} days ago), predicted through {end}": (
        "{start}까지 실측({n}일 전), {end}까지 예측"
    ),
    "copied on {time} ({n} days ago)": "{time} 복사({n}일 전)",
    "no account; see: sattrack update --help": "계정 없음; 참고: sattrack update --help",
    "never asked": "요청한 적 없음",
    "asked {start}, with success {end}": "{start} 요청, 성공은 {end}",
    "asked {time}, never with success": "{time} 요청, 성공한 적 없음",
    "asked {time}": "{time} 요청",
    "Passes that changed, times in {zone}": "바뀐 통과(시간대 {zone})",
    # Catalog
    "{source}, {time} UTC, {n} days old": "{source}, 기준 시각 {time} UTC, {n}일 지남",
    "1000 km, half phase": "1000 km, 반달 위상",
    "On": "실린 위성",
    "Contains": "구성",
    "Carries": "실은 위성",
    "From": "발사 장소",
    "Missions ({n})": "임무 ({n})",
    "Spacecraft ({n})": "위성 ({n})",
    "Instruments ({n})": "탑재체 ({n})",
    "Stations ({n})": "지상국 ({n})",
    "Launches ({n})": "발사 ({n})",
    "Regions ({n})": "지역 ({n})",
    "Groups ({n})": "묶음 ({n})",
    "Nothing of that name.": "그런 이름이 없습니다.",
    "mission": "임무",
    "spacecraft": "위성",
    "instrument": "탑재체",
    "station": "지상국",
    "launch": "발사",
    "region": "지역",
    "group": "묶음",
    "status": "상태",
    "operator": "운영 기관",
    "kind": "종류",
    "vehicle": "발사체",
    "launched": "발사",
    "slot": "정지 위치",
    "magnitude": "등급",
    "place": "위치",
    "body": "천체",
    "area": "면적",
    "time zone": "시간대",
    "antenna": "안테나",
    "orbit data": "궤도 자료",
    "element sets": "궤도 요소",
    "also called": "다른 이름",
    "catalog number": "위성 번호",
    "designator": "국제 식별자",
    "NAIF number": "NAIF 번호",
    "signal": "신호",
    "downlink": "하향 링크",
    "held": "보유",
    "nominal orbit": "명목 궤도",
    "field of regard": "관측 영역",
    "ground sample": "지상 화소",
    "scan": "스캔",
    "sensor": "감지기",
    "Sources": "출처",
    "Milestones": "주요 일정",
    "Missions": "임무",
    "Spacecraft": "위성",
    "Instruments": "탑재체",
    "Stations": "지상국",
    "Launches": "발사",
    "Regions": "지역",
    "Groups": "묶음",
    "Members": "구성",
    "Mission": "임무",
    "Launch": "발사",
    "element sets (GP)": "궤도 요소(GP)",
    "ephemeris": "궤도력",
    "nominal orbit: planned, not flown": "명목 궤도(계획, 비행 전)",
    "nobody publishes it": "공개되지 않음",
    "planned": "계획",
    "embedded": "내장",
    "catalog": "카탈로그",
}

# What stands on stderr: errors and warnings.
MESSAGES = {
    "{reason}; see: {command} --help": "{reason}; 도움말: {command} --help",
    # Usage
    "missing option {option}": "옵션 {option} 필요",
    "missing argument {option}": "인자 {option} 필요",
    "missing command": "명령이 필요합니다",
    "no such option: {option} Did you mean {text}?": "없는 옵션: {option} 혹시 {text}?",
    "no such option: {option} (Possible options: {options})": (
        "없는 옵션: {option} (비슷한 옵션: {options})"
    ),
    "no such option: {option}": "없는 옵션: {option}",
    "no such command {command}. Did you mean {text}?": "없는 명령: {command}. 혹시 {text}?",
    "no such command {command}": "없는 명령: {command}",
    "got unexpected extra argument(s) ({arguments})": "필요 없는 인자: {arguments}",
    "got unexpected extra argument ({arguments})": "필요 없는 인자: {arguments}",
    "option {option} requires an argument": "옵션 {option}에 값이 필요합니다",
    "option {option} does not take a value": "옵션 {option}에는 값을 줄 수 없습니다",
    "invalid value for {option}: {reason}": "{option}의 값이 잘못되었습니다: {reason}",
    "{value} is not one of {choices}": "{value} 대신 다음에서 고르십시오: {choices}",
    "{value} is not a number": "{value}: 수가 아닙니다",
    "{value} is not a whole number": "{value}: 정수가 아닙니다",
    "{n} is less than {m}": "{n}: {m}보다 작습니다",
    "{n} is more than {m}": "{n}: {m}보다 큽니다",
    "--end and --days exclude each other; give one of them": (
        "--end와 --days는 함께 쓸 수 없습니다. 하나만 주십시오"
    ),
    "--days {n} is not a length of time; give more than 0": (
        "--days {n}: 기간이 아닙니다. 0보다 큰 값을 주십시오"
    ),
    "--as-of asks the store; it has no sense with --elements": (
        "--as-of는 저장된 자료에 묻는 옵션이므로 --elements와 함께 쓸 수 없습니다"
    ),
    "--alarm rings from a calendar; give --format ics with it": (
        "--alarm은 달력 알림입니다. --format ics와 함께 쓰십시오"
    ),
    "--at takes one place here; run the command once for each": (
        "여기서 --at은 지점 하나만 받습니다. 지점마다 따로 실행하십시오"
    ),
    "name at least one spacecraft, or give a file with --elements": (
        "위성을 하나 이상 적거나 --elements로 파일을 주십시오"
    ),
    "name at least one instrument or spacecraft, such as gems": (
        "탑재체나 위성을 하나 이상 적으십시오(예: gems)"
    ),
    "name the places to be imaged, such as --over seoul": (
        "촬영할 지점을 적으십시오(예: --over seoul)"
    ),
    "say --over which PLACE, or ask for the outlines with --map": (
        "--over PLACE로 지점을 주거나 --map으로 윤곽을 요청하십시오"
    ),
    "give a place with --at, or --grid for a grid of points": (
        "--at으로 지점을 주거나 --grid로 격자를 요청하십시오"
    ),
    "name spacecraft or a --group, not both": "위성과 --group 중 하나만 주십시오",
    "name spacecraft, or give a file with --elements, or ask for everything at hand with --group "
    "active": ("위성을 적거나, --elements로 파일을 주거나, --group active로 전체를 요청하십시오"),
    "the table of --visible has no room for --frequency; ask with --format json, or leave one of "
    "them out": (
        "--visible 표에는 --frequency를 넣을 자리가 없습니다. --format json을 쓰거나 둘 중 하나를 "
        "빼십시오"
    ),
    "--jobs and --scheduler exclude each other; give one of them": (
        "--jobs와 --scheduler는 함께 쓸 수 없습니다. 하나만 주십시오"
    ),
    "a limit of {n} passes leaves nothing; give 1 or more": (
        "통과 {n}회로 제한하면 남는 것이 없습니다. 1 이상을 주십시오"
    ),
    "a minimum elevation of {n} degrees is outside {m} to {count}": (
        "최저 고도각 {n}도는 범위({m} ~ {count}) 밖입니다"
    ),
    "a limit of {n} degrees for the Sun is outside {m} to {count}": (
        "태양 고도각 한계 {n}도는 범위({m} ~ {count}) 밖입니다"
    ),
    "a distance of {n} km is outside {m} to {count}": "거리 {n} km는 범위({m} ~ {count}) 밖입니다",
    "the window ends at {end}, not after its start {start}": (
        "기간의 끝 {end}: 시작 {start}보다 뒤여야 합니다"
    ),
    "{n} days lead beyond the calendar": "{n}일: 달력의 범위를 넘습니다",
    "CZML has positions in ITRF; leave --frame out": "CZML의 위치는 ITRF입니다. --frame을 빼십시오",
    # Times, places, numbers
    "cannot read the time {text}: {reason}": "시각 {text}: 읽을 수 없습니다. {reason}",
    "write for instance 2026-11-25T06:00Z, 'tomorrow 18:00' or +3d": (
        "예: 2026-11-25T06:00Z, 'tomorrow 18:00', +3d"
    ),
    "write {date} or {other}": "{date} 또는 {other}처럼 쓰십시오",
    "time {text} lies beyond the calendar": "시각 {text}: 달력의 범위를 넘습니다",
    "time {text}: {reason}": "시각 {text}: {reason}",
    "write the date as {a} or {b}": "날짜는 {a} 또는 {b}처럼 쓰십시오",
    "there is no day {text}": "{text}: 없는 날짜입니다",
    "there is no time of day {text}": "{text}: 없는 시각입니다",
    "write the time of day as {text}": "하루 중 시각은 다음처럼 쓰십시오: {text}",
    "write the offset as Z or +09:00": "시차는 Z 또는 +09:00처럼 쓰십시오",
    "it has an offset and a zone; leave one out": "시차와 시간대가 모두 있습니다. 하나를 빼십시오",
    "cannot read the duration {text}: write for instance {example}": (
        "길이 {text}: 읽을 수 없습니다. 예: {example}"
    ),
    "unknown time zone {text}: {reason}": "알 수 없는 시간대 {text}: {reason}",
    "cannot tell the time zone of this machine; name one, for instance UTC or Asia/Seoul": (
        "이 기기의 시간대를 알 수 없습니다. UTC나 Asia/Seoul처럼 직접 주십시오"
    ),
    "unknown place {text}; {reason}": "알 수 없는 지점 {text}; {reason}",
    "write coordinates, for instance {example}": "좌표로 쓰십시오(예: {example})",
    "did you mean {text}? run: {command}": "혹시 {text}? 실행: {command}",
    "did you mean {text}?": "혹시 {text}?",
    "{text} is the name of several cities: {listed}": (
        "{text}: 같은 이름의 도시가 여럿입니다: {listed}"
    ),
    "there is no {text}, but there is {listed}": "{text}: 없지만 {listed}: 있습니다",
    "{text} is the name of several entries: {listed}; choose one": (
        "{text}: 같은 이름이 여럿입니다({listed}). 하나를 고르십시오"
    ),
    "{text} is the name of several objects; choose by number: {listed}": (
        "{text}: 같은 이름의 물체가 여럿입니다. 번호로 고르십시오: {listed}"
    ),
    "unknown name {text}; run: {command}": "알 수 없는 이름 {text}; 실행: {command}",
    "unknown name {text}; {reason}": "알 수 없는 이름 {text}; {reason}",
    "place {text}: latitude {n} is beyond 90 degrees{rest}": (
        "지점 {text}: 위도 {n}: 90도를 넘습니다{rest}"
    ),
    "place {text}: latitude {n} is beyond 90 degrees": "지점 {text}: 위도 {n}: 90도를 넘습니다",
    "place {text}: longitude {n} is outside -180 to 360": (
        "지점 {text}: 경도 {n}: 범위(-180 ~ 360) 밖입니다"
    ),
    "place {text}: height {n} m is outside {limit}": (
        "지점 {text}: 높이 {n} m: 범위({limit}) 밖입니다"
    ),
    "cannot read the coordinates {text}: write for instance {example}": (
        "좌표 {text}: 읽을 수 없습니다. 예: {example}"
    ),
    "cannot read the longitude {text}: write for instance {example}": (
        "경도 {text}: 읽을 수 없습니다. 예: {example}"
    ),
    "cannot read the frequency {text}: write for instance {example}": (
        "주파수 {text}: 읽을 수 없습니다. 예: {example}"
    ),
    "cannot read the band {text}: write for instance 20-45": (
        "범위 {text}: 읽을 수 없습니다. 예: 20-45"
    ),
    # Orbits
    "{name}: nobody publishes its orbit; run: {command}": (
        "{name}: 공개된 궤도가 없습니다. 실행: {command}"
    ),
    "{text} is a region and has no orbit; run: {command}": (
        "{text}: 지역이라 궤도가 없습니다. 실행: {command}"
    ),
    "{text} is without spacecraft of its own and has no orbit; run: {command}": (
        "{text}: 자체 위성이 없어 궤도가 없습니다. 실행: {command}"
    ),
    "{name} is a place on the ground; use it as {option}": (
        "{name}: 지상의 지점입니다. {option}로 쓰십시오"
    ),
    "no elements for {name}; run: {command}, or give a file with --elements": (
        "{name}: 궤도 요소가 없습니다. {command} 명령을 실행하거나 --elements로 파일을 주십시오"
    ),
    "{name} has no catalog number to look elements up by": (
        "{name}: 궤도 요소를 찾을 위성 번호가 없습니다"
    ),
    "no element sets of {name} are held; run: {command}": (
        "{name}: 가진 궤도 요소가 없습니다. 실행: {command}"
    ),
    "no element sets of {name} are held": "{name}: 가진 궤도 요소가 없습니다",
    "no element set at hand can be used; run: {command}": (
        "쓸 수 있는 궤도 요소가 없습니다. 실행: {command}"
    ),
    "{name}: the elements of {time} are {age} from {end}, more than --max-age allows; run: "
    "{command}": (
        "{name}: {time}의 궤도 요소가 {end}에서 {age} 떨어져 --max-age를 넘습니다. 실행: {command}"
    ),
    "{name} does not orbit the Moon, and flies over none of its regions": (
        "{name}: 달 궤도에 있지 않아 달의 지역 위를 날지 않습니다"
    ),
    "{name} is not geostationary, and stands at no slot": "{name}: 정지 궤도 위성이 아닙니다",
    "{name} is not geosynchronous: it goes round {n} times a day, not once, and holds no slot": (
        "{name}: 지구 동기 궤도가 아닙니다(하루 한 번이 아니라 {n}번 돕니다)"
    ),
    "Sun and Moon are known from {start} to {end} only": (
        "해와 달의 위치는 {start}부터 {end}까지만 있습니다"
    ),
    "one map shows one body; ask for craft at the Moon by themselves": (
        "지도 하나에는 천체 하나만 그립니다. 달 궤도의 위성은 따로 요청하십시오"
    ),
    # Files, network
    "cannot read {file}: {reason}": "{file}: 읽을 수 없습니다({reason})",
    "cannot write {file}: {reason}": "{file}: 쓸 수 없습니다({reason})",
    "No such file or directory": "그런 파일이나 폴더가 없음",
    "Permission denied": "권한 없음",
    "Is a directory": "폴더임",
    "it is a folder": "폴더임",
    "there is no folder {file}": "{file} 폴더가 없음",
    "no element sets: the document is empty": "궤도 요소가 없습니다(빈 문서)",
    "not element sets in any known form: {text}": "알려진 형식의 궤도 요소가 아닙니다: {text}",
    "no element set in it can be used": "쓸 수 있는 궤도 요소가 없습니다",
    "another update is running; nothing was asked": "다른 갱신이 실행 중이라 요청하지 않았습니다",
    "another update is running ({text}); nothing was asked": (
        "다른 갱신이 실행 중이라({text}) 요청하지 않았습니다"
    ),
    "{text}: no connection within {n} s": "{text}: {n} s 안에 연결되지 않았습니다",
    "{text}: no such host, or no network": "{text}: 그런 서버가 없거나 네트워크가 끊겼습니다",
    "watch needs an extra; run: {command}": "watch에는 추가 패키지가 필요합니다. 실행: {command}",
    "watch draws on a terminal; where there is none, run: {command}": (
        "watch는 터미널에 그립니다. 터미널이 없으면 실행: {command}"
    ),
    "no schema of that name; there are: {listed}": (
        "그런 이름의 스키마가 없습니다. 있는 것: {listed}"
    ),
    # Warnings
    "warning: {reason}": "경고: {reason}",
    "the elements of {name} are up to {n} days from the time asked: {reason}; "
    "run: sattrack update": (
        "{name}의 궤도 요소가 요청한 때에서 최대 {n}일 떨어져 있습니다: {reason}; "
        "실행: sattrack update"
    ),
    "its elements put {name} up to {n} degrees from its slot; angles are off by as much unless it "
    "moved; run: sattrack update": (
        "{name}: 궤도 요소로는 정지 위치에서 최대 {n}도 벗어나 있습니다. 위성이 옮겨 간 것이 "
        "아니라면 각도가 그만큼 틀립니다; 실행: sattrack update"
    ),
    "{name}: taken to stand at its nominal slot, {n} degrees {side}; {m} degrees of station "
    "keeping move an outage by {error}": (
        "{name}: 명목 정지 위치({side} {n}°)에 있다고 봅니다. 위치 유지 {m}°에 간섭 시각이 "
        "{error} 달라집니다"
    ),
    "{name}: taken to stand at its nominal slot, {n} degrees {side}; {m} degrees of station "
    "keeping move an eclipse by {error}": (
        "{name}: 명목 정지 위치({side} {n}°)에 있다고 봅니다. 위치 유지 {m}°에 식 시각이 "
        "{error} 달라집니다"
    ),
    "east": "동경",
    "west": "서경",
    "where they are said to stand may mean nothing any more": "위치가 의미 없을 수 있습니다",
    "the embedded table of daily elements": "내장된 하루 간격 궤도 요소 표",
    "times mean nothing any more": "시각이 의미가 없습니다",
    "times are good to about {error}": "시각 오차 약 {error}",
    "nominal orbits of planned spacecraft, illustrative; not the operator's design: {names}": (
        "계획된 위성의 예시용 명목 궤도이며 운영 기관의 설계가 아님: {names}"
    ),
    "Earth orientation is predicted only to {time}; later times of this answer may be off by a "
    "second; upgrade {package}": (
        "지구 자전 자료는 {time}까지만 예측되어 있습니다. 그 뒤의 시각은 1초 틀릴 수 있습니다. "
        "{package} 패키지를 올리십시오"
    ),
    "{name}: {solution} is good to {n} km, {error} of a contact's time; run: {command}": (
        "{name}: {solution}의 정확도는 위치 {n} km, 교신 시각 {error}입니다. 실행: {command}"
    ),
    "{reason}; the embedded element sets answer": "{reason}; 내장 궤도 요소로 답합니다",
    "{reason}; run: {command}": "{reason}; 실행: {command}",
}

HELP = {
    "Usage: ": "사용법: ",
    "Arguments": "인자",
    "Options": "옵션",
    "Commands": "명령",
    "Example: {command}": "예: {command}",
    "[required]": "[필수]",
    "[default: (the machine's)]": "[기본값: 기기의 시간대]",
    "[default: (the machine's, or en)]": "[기본값: 기기의 언어, 없으면 en]",
    "[default: {value}]": "[기본값: {value}]",
    "Satellites and missions: where they are, when they pass, and what is known of them.": (
        "위성과 임무: 지금 어디에 있고, 언제 지나가며, 무엇이 알려져 있는지."
    ),
    "List what is in the catalog: missions, spacecraft, instruments, stations, groups.": (
        "카탈로그 목록: 임무, 위성, 탑재체, 지상국, 묶음."
    ),
    "Tell everything known of something, each fact with its source.": (
        "한 항목에 대해 알려진 모든 것(사실마다 출처)."
    ),
    "Tell where spacecraft are, and where they stand in the sky of a place.": (
        "위성의 현재 위치, 그리고 지점의 하늘에서 보이는 방향."
    ),
    "List when spacecraft pass over places: rise, culmination, set.": (
        "지점 상공 통과 예보: 뜸, 최고, 짐."
    ),
    "List the passes of thousands of objects over places, all in order of time.": (
        "수천 개 물체의 통과를 시간순으로."
    ),
    "Tell what is above the horizon, of all objects of which element sets are at hand.": (
        "궤도 요소를 가진 모든 물체 중 지금 지평선 위에 있는 것."
    ),
    "List when the Sun stands behind spacecraft and blinds the antenna that hears them.": (
        "태양이 위성 뒤에 와서 수신 안테나를 방해하는 때(태양 간섭)."
    ),
    "Tell how geosynchronous craft keep to their slots, and when they are eclipsed.": (
        "지구 동기 위성의 정지 위치 유지와 식."
    ),
    "List when lunar orbiters fly over regions of the Moon.": (
        "달 궤도선이 달의 지역 위를 지나는 때."
    ),
    "Tell which instruments see a place, at which angles, and when.": (
        "어떤 탑재체가 지점을 어떤 각도로 언제 보는지."
    ),
    "Tell how well navigation satellites place a receiver: dilution of precision.": (
        "항법 위성의 측위 정밀도 저하율(DOP)."
    ),
    "Tell where spacecraft are over a stretch of time: states, and what lies beneath.": (
        "기간 동안의 위성 위치와 속도, 직하점."
    ),
    "Draw how spacecraft pass through the sky of a place.": "지점의 하늘을 지나는 경로 그림.",
    "Draw where spacecraft are: ground tracks, what they see, night and day.": (
        "위성 위치 지도: 지상 궤적, 관측 범위, 낮과 밤."
    ),
    "Watch spacecraft live: where they stand, what comes next, on a map and in the sky.": (
        "위성 실시간 보기: 현재 위치와 다음 사건, 지도와 하늘."
    ),
    "Without NAME: the group called watch of your own catalog, or else GEMS, TEMPO, Danuri and the "
    "reconnaissance satellites. Time can be stopped, moved and sped up; q ends.": (
        "NAME이 없으면 사용자 카탈로그의 watch 묶음, 그것도 없으면 GEMS, TEMPO, 다누리, 정찰위성을 "
        "봅니다. 시간을 멈추고 옮기고 빠르게 할 수 있으며 q로 끝냅니다."
    ),
    "Show the element sets held, manoeuvres found, and how fast predictions go stale.": (
        "가진 궤도 요소, 찾은 기동, 예측이 낡는 속도."
    ),
    "Write a web page of positions, passes and missions that needs no server and no network.": (
        "위치, 통과, 임무를 담은 웹 페이지 쓰기(서버와 네트워크 불필요)."
    ),
    "Fetch the element sets and ephemerides that are due, check them and keep them.": (
        "갱신할 때가 된 궤도 요소와 궤도력을 받아 검사하고 보관."
    ),
    "Print a crontab line or systemd units for the update, ready to paste.": (
        "갱신용 crontab 줄이나 systemd 유닛 출력."
    ),
    "Tell what is stored, how old it is, what is due, who refused us, and how old the rest is.": (
        "보관 자료, 경과 시간, 갱신 시기, 거부한 출처 등 현재 상태."
    ),
    "Write element sets in another form, value for value; refused ones are named on stderr.": (
        "궤도 요소를 다른 형식으로 값 그대로 변환(거부된 것은 stderr에 표시)."
    ),
    "Print the JSON Schema of a kind of document.": "문서 종류별 JSON 스키마 출력.",
    "Show the version and exit.": "버전을 보이고 끝냅니다.",
    "Show this message and exit.": "이 도움말을 보이고 끝냅니다.",
    "Install completion for the current shell.": "현재 셸에 자동 완성을 설치합니다.",
    "Show completion for the current shell, to copy it or customize the installation.": (
        "현재 셸의 자동 완성 스크립트를 보입니다(복사하거나 고쳐 설치할 때)."
    ),
    "Language of tables, messages and help; JSON and CSV are the same in both.": (
        "표, 메시지, 도움말의 언어. JSON과 CSV는 언어와 상관없이 같습니다."
    ),
    "Write to a file.": "파일에 씁니다.",
    "Time zone of the tables: Asia/Seoul, KST, UTC.": "표의 시간대: Asia/Seoul, KST, UTC.",
    "Spacecraft, instruments, missions or groups; or catalog numbers.": (
        "위성, 탑재체, 임무, 묶음의 이름 또는 위성 번호."
    ),
    "Anything in the catalog, in English or Korean, or a catalog number.": (
        "카탈로그의 이름(영어 또는 한국어)이나 위성 번호."
    ),
    "Use this file of element sets (OMM, TLE) or ephemerides (OEM, SPK); - is stdin.": (
        "이 파일의 궤도 요소(OMM, TLE)나 궤도력(OEM, SPK)을 씁니다. -는 표준 입력."
    ),
    "Use only what was known then.": "그때 알려져 있던 것만 씁니다.",
    "Refuse elements older than this, e.g. 3d.": "이보다 오래된 궤도 요소는 거부합니다(예: 3d).",
    "Start of the window.": "기간의 시작.",
    "End of the window.": "기간의 끝.",
    "Length of the window.": "기간의 길이(일).",
    "Form of the answer.": "답의 형식.",
    "Mask above the horizon, -10 to 89.": "최저 고도각, -10 ~ 89.",
    "Only the first N.": "처음 N개만.",
    "A station, a city, or LAT,LON[,HEIGHT]; several with commas or --at again.": (
        "지상국, 도시, 또는 위도,경도[,높이]. 여럿이면 쉼표나 --at 반복."
    ),
    "A station, a city, or LAT,LON[,HEIGHT].": "지상국, 도시, 또는 위도,경도[,높이].",
    "With --format ics: ring so long before each entry, e.g. 10m.": (
        "--format ics일 때 각 일정의 이만큼 전에 알립니다(예: 10m)."
    ),
    "Form of the answer; with ics, a calendar at -o is brought up to date.": (
        "답의 형식. ics이면 -o의 달력을 갱신합니다."
    ),
    "When.": "시각.",
    "Only what can be seen: the craft lit, the Sun down; brightness where it is known.": (
        "눈에 보이는 것만: 위성은 햇빛을 받고 태양은 진 때. 밝기는 알려진 것만."
    ),
    "Dark enough when the Sun is below this.": "태양이 이 고도각 아래이면 어둡다고 봅니다.",
    "Show the Doppler shift of this frequency, e.g. 437.5MHz; may be given again.": (
        "이 주파수의 도플러 편이를 보입니다(예: 437.5MHz). 반복 가능."
    ),
    "Shape of the Earth that throws the shadow.": "그림자를 드리우는 지구의 모양.",
    "Form of the picture; png and pdf need the extra sattrack-missions[plot].": (
        "그림의 형식. png와 pdf에는 sattrack-missions[plot]이 필요합니다."
    ),
    "Time between two instants.": "시각 사이의 간격.",
    "Time between two states.": "상태 사이의 간격.",
    "Frame of the states.": "상태의 좌표계.",
    "Language in which the page opens; it holds both.": (
        "페이지를 처음 열 때의 언어(둘 다 들어 있음)."
    ),
}


def _pieces(template: str) -> tuple[list[str], list[str]]:
    """Return the texts around what is filled in, and the names of that."""
    parts = list(Formatter().parse(template))
    names = [name for _, name, _, _ in parts if name is not None]
    texts = [text for text, _, _, _ in parts]
    return (texts if len(texts) > len(names) else [*texts, ""]), names


@cache
def _templates(which: str) -> tuple[tuple[list[str], list[str], str], ...]:
    tables = {"cells": _CELLS_WITH, "messages": MESSAGES, "all": _whole()}
    return tuple(
        (*_pieces(english), korean) for english, korean in tables[which].items() if "{" in english
    )


@cache
def _whole() -> dict[str, str]:
    return SENTENCES | MESSAGES | HELP


def _matched(text: str, texts: list[str], names: list[str]) -> dict[str, str] | None:
    """Return what is filled in where `text` is such a sentence; each part is the shortest."""
    if not text.startswith(texts[0]) or not text.endswith(texts[-1]):
        return None
    values: dict[str, str] = {}
    position, end = len(texts[0]), len(text) - len(texts[-1])
    for k, name in enumerate(names):
        last = k == len(names) - 1
        stop = end if last else text.find(texts[k + 1], position + 1, end)
        value = text[position:stop]
        if stop <= position or not _fits(name, value):
            return None
        values[name] = value
        position = stop + len(texts[k + 1])
    return values


def _fits(name: str, value: str) -> bool:
    if name in _BEGIN:
        return value.startswith(_BEGIN[name])
    if name in _NUMBERS:
        return _NUMBER.fullmatch(value) is not None
    if name == "seasons":
        return _SEASON.match(value) is not None
    return name not in _TIMES or _TIME.fullmatch(value) is not None


def _filled(name: str, value: str) -> str:
    if name in _NAMES:
        return named(value)
    if name in _LISTS:
        return ", ".join(map(translated, value.split(", ")))
    if name not in _PHRASES:
        return value
    parts = value.split("; ")
    told = [translated(part) for part in parts]
    if all(korean != part for korean, part in zip(told, parts, strict=True)):
        return "; ".join(told)
    whole = translated(value)
    return whole if whole != value else "; ".join(told)


def named(text: str) -> str:
    """Return the Korean name of an entry, alone or before its number or coordinates in brackets."""
    names = NAMES.get()
    if text in names:
        return names[text]
    name, bracket, rest = text.partition(" (")
    if bracket and named(name) != name:
        return f"{named(name)} ({rest}"
    guest, on, host = text.partition(" on ")
    if on:
        return f"{named(host)}의 {named(guest)}"
    if several := re.fullmatch(r"([\d,]+) objects", text):
        return f"물체 {several[1]}개"
    if more := re.fullmatch(r"(.+) and ([\d,]+) more", text):
        return f"{named(more[1])} 외 {more[2]}개"
    parts = text.split(", ")
    return ", ".join(names.get(part, part) for part in parts)


def _by(which: str, text: str) -> str | None:
    for texts, names, korean in _templates(which):
        values = _matched(text, texts, names)
        if values is not None:
            return korean.format(**{name: _filled(name, value) for name, value in values.items()})
    return None


def translated(text: str) -> str:
    """Return a phrase in Korean, or as it is if the table has none for it."""
    if text in _whole():
        return _whole()[text]
    found = _by("all", text)
    if found is not None:
        return found
    # A message about a file or an object begins with its name.
    about, colon, message = text.partition(": ")
    said = MESSAGES.get(message) or _by("messages", message)
    return f"{about}{colon}{said}" if colon and said else text


def translated_title(text: str) -> str:
    """Return the title of a column in Korean; what stands in brackets behind it stays."""
    if text in TITLES:
        return TITLES[text]
    word, bracket, rest = text.partition(" (")
    return f"{TITLES.get(word, word)}{bracket}{rest}" if bracket else text


@lru_cache(4096)
def _cell(text: str) -> str:
    if text in CELLS:
        return CELLS[text]
    return _by("cells", text) or text


def translated_cells(column: str, texts: tuple[str, ...]) -> tuple[str, ...]:
    """Return the cells of a column in Korean: names by the catalog, words by the table."""
    if column in _NAME_COLUMNS:
        return tuple(map(named, texts))
    return tuple(map(_cell, texts))
