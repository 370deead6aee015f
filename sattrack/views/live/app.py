"""The live screen itself: panels, keys and the passing of time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from typing import ClassVar

from rich.text import Text
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal
from textual.events import Click, MouseScrollDown, MouseScrollUp, Resize
from textual.geometry import Size
from textual.widget import Widget

from sattrack.answers.surroundings import MapBeneath, Skies, map_beneath
from sattrack.answers.watch import Watch
from sattrack.errors import SattrackError, printable
from sattrack.times.playback import Playback
from sattrack.views.live.lines import (
    Shown,
    coming_rows,
    craft_rows,
    heading,
    key_rows,
    orbit_rows,
    status_rows,
)
from sattrack.views.live.pictures import (
    MAP_CELLS,
    SKY_CELLS,
    map_rows,
    picture_rows,
    sky_rows,
)
from sattrack.views.passes import to_second

# The screen is drawn so often; where time is sped up, oftener.
_TICK_S, _FAST_TICK_S = 1.0, 0.25
_LOOK_AT_STORE = timedelta(seconds=2)
_BEFORE_EVENT = timedelta(seconds=10)
_VIEWS: tuple[str, ...] = ("pictures", "passes", "orbits")
# Pictures lower than this show nothing; where they leave room for it, a table stands below them.
_LEAST_PICTURE = 9
# A screen lower than this has room for the table alone; one as high as this for gaps.
_SHORT, _ROOMY = 18, 30


def machine_clock() -> datetime:
    """Return the time of the machine, UTC."""
    return datetime.now(UTC)


class Panel(Widget):
    """A part of the screen; it draws what the screen shows, for its own size."""

    @property
    def live(self) -> LiveScreen:
        """The screen it belongs to."""
        app = self.app
        assert isinstance(app, LiveScreen)
        return app

    def rows(self, shown: Shown) -> list[Text]:
        """Return its lines."""
        raise NotImplementedError

    def render(self) -> Text:
        """Return what to draw."""
        rows, height = self.rows(self.live.shown), self.size.height
        if len(rows) > height > 1:
            rows = [*rows[: height - 1], Text(f"… {len(rows) - height + 1} more lines", "dim")]
        return Text("\n").join(rows[:height])


class Heading(Panel):
    """Place and time."""

    def rows(self, shown: Shown) -> list[Text]:
        """Return its lines."""
        return list(heading(shown, self.size.width).split("\n"))


class Craft(Panel):
    """The table of craft; where it is too short for all, the chosen one stays in sight."""

    _titles = 2
    _first = 0

    def rows(self, shown: Shown) -> list[Text]:
        """Return its lines."""
        every = craft_rows(shown, self.size.width)
        titles, rows = every[: self._titles], every[self._titles :]
        room = max(self.size.height - self._titles, 1)
        self._first = min(max(self._first, shown.chosen - room + 1), shown.chosen)
        self._first = max(min(self._first, len(rows) - room), 0)
        return [*titles, *rows[self._first : self._first + room]]

    def on_click(self, event: Click) -> None:
        """Choose the craft that is pointed at."""
        self.live.choose(self._first + event.y - self._titles)

    def on_mouse_scroll_down(self, _event: MouseScrollDown) -> None:
        """Choose the next craft."""
        self.live.action_choose(1)

    def on_mouse_scroll_up(self, _event: MouseScrollUp) -> None:
        """Choose the craft before."""
        self.live.action_choose(-1)


class Map(Panel):
    """The map around the chosen craft."""

    def rows(self, shown: Shown) -> list[Text]:
        """Return its lines."""
        beneath = self.live.map_beneath(shown)
        if beneath is None:
            return []
        return map_rows(beneath, shown.zone, *self.size)


class Sky(Panel):
    """The sky of the place."""

    def rows(self, shown: Shown) -> list[Text]:
        """Return its lines."""
        above = self.live.skies.above(shown.answer, shown.chosen)
        return sky_rows(above, shown.answer, *self.size)


class Passes(Panel):
    """The next pass of each craft."""

    def rows(self, shown: Shown) -> list[Text]:
        """Return its lines."""
        return coming_rows(shown, self.size.width)


class Orbits(Panel):
    """Where the orbits come from."""

    def rows(self, shown: Shown) -> list[Text]:
        """Return its lines."""
        return orbit_rows(shown, self.size.width)


class Status(Panel):
    """What happened last, and what to know."""

    def rows(self, shown: Shown) -> list[Text]:
        """Return its lines."""
        return status_rows(shown, self.size.width, max(self.size.height, 1))


class Keys(Panel):
    """Which keys do what."""

    def rows(self, shown: Shown) -> list[Text]:
        """Return its lines."""
        return key_rows(self.size.width)


class LiveScreen(App[None]):
    """Watches craft until it is told to stop.

    It reads no clock but the one given, so that tests can drive it.
    """

    ENABLE_COMMAND_PALETTE = False
    # The terminal's own colours, so that it is readable on light and dark ones.
    CSS = """
    Screen, Panel, Container, Horizontal { background: ansi_default; color: ansi_default; }
    Panel { text-wrap: nowrap; text-overflow: clip; }
    Heading { height: 2; }
    Container { height: 1fr; }
    Map { margin-right: 2; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,Q,ctrl+c,ctrl+q", "quit", "Quit", priority=True),
        Binding("space", "stop", "Stop or go on"),
        Binding("n", "now", "Show the time that it is"),
        Binding("left", "move(-60)", "A minute back"),
        Binding("right", "move(60)", "A minute on"),
        Binding("comma,less_than_sign", "move(-3600)", "An hour back"),
        Binding("full_stop,greater_than_sign", "move(3600)", "An hour on"),
        Binding("left_square_bracket", "move(-86400)", "A day back"),
        Binding("right_square_bracket", "move(86400)", "A day on"),
        Binding("plus,equals_sign", "speed(1)", "Faster"),
        Binding("minus", "speed(-1)", "Slower"),
        Binding("up,k", "choose(-1)", "The craft above"),
        Binding("down,j", "choose(1)", "The craft below"),
        Binding("enter", "event", "To its next event"),
        Binding("v,tab", "view", "Next view"),
    ]

    def __init__(
        self,
        watch: Watch,
        zone: tzinfo,
        start: datetime | None = None,
        clock: Callable[[], datetime] = machine_clock,
        ticking: bool = True,
    ) -> None:
        """Prepare the screen.

        Args:
            watch: what to show; it has begun.
            zone: of the times shown.
            start: which time to show first; that of the machine where None.
            clock: tells the time of the machine, UTC.
            ticking: whether time passes by itself; otherwise `tick` is to be called.
        """
        super().__init__(ansi_color=True)
        self.title = "sattrack watch"
        self.theme = "ansi-dark"
        self.animation_level = "none"
        self._watch, self._zone, self._clock, self._ticking = watch, zone, clock, ticking
        now = clock()
        self._playback = Playback.live(now)
        if start is not None:
            self._playback = self._playback.set_to(now, start)
        self._chosen, self._views, self._turn, self._message = 0, _VIEWS, 0, ""
        self.skies = Skies()
        self._looked = now
        notices = watch.followed.tracker.notices
        if notices:
            self._say(now, notices[0])
        self.shown = self._show(now)

    def compose(self) -> ComposeResult:
        """Lay out the panels."""
        yield Heading()
        yield Craft()
        with Container():
            yield Horizontal(Map(), Sky())
            yield Passes(name="passes")
            yield Orbits(name="orbits")
        yield Status()
        yield Keys()

    def on_mount(self) -> None:
        """Begin."""
        self._arrange(self.size)
        if self._ticking:
            self._wait()

    def _wait(self) -> None:
        """Tick when it is time; the next wait begins after the tick, so that none pile up."""
        fast = self._playback.rate > 1 and not self._playback.paused
        self.set_timer(_FAST_TICK_S if fast else _TICK_S, self._pass_time)

    def _pass_time(self) -> None:
        self.tick()
        self._wait()

    def on_resize(self, event: Resize) -> None:
        """Lay out anew."""
        self._arrange(event.size)

    def tick(self) -> None:
        """Show the time that it is now; look after the store now and then."""
        now = self._clock()
        if abs(now - self._looked) >= _LOOK_AT_STORE:
            self._looked = now
            try:
                said = self._watch.reread(now, self._playback.at(now))
            except SattrackError as error:
                said = str(error)
            if said:
                self._say(now, said)
        self.shown = self._show(now)
        self._arrange(self.size)
        for panel in self.query(Panel):
            panel.refresh()

    def _say(self, now: datetime, text: str) -> None:
        self._message = f"{to_second(now, self._zone):%H:%M:%S} {printable(text)}"

    def _show(self, now: datetime) -> Shown:
        time = self._playback.at(now)
        try:
            answer = self._watch.at(time)
        except SattrackError as error:
            self._say(now, str(error))
            # Its orbits stay as they were, and answer now.
            answer = self._watch.at(time)
        self._chosen = min(self._chosen, max(len(answer.results) - 1, 0))
        return Shown(answer, self._playback, now, self._zone, self._chosen, self._message)

    def _arrange(self, size: Size) -> None:
        """Give each panel its room on a screen of a size."""
        width, height = size
        craft, below = self.query_one(Craft), self.query_one(Container)
        status, keys = self.query_one(Status), self.query_one(Keys)
        lines = 2 if height >= _ROOMY else 1
        said = len(status_rows(self.shown, width, lines))
        keyed = min(len(key_rows(width)), lines if height < _SHORT else height)
        status.styles.height, keys.styles.height = said, keyed
        gap = 1 if height >= _ROOMY else 0
        craft.styles.margin = below.styles.margin = (gap, 0, 0, 0)
        rows = len(self.shown.answer.results)
        room = height - 4 - 2 * gap - said - keyed
        below.display = height >= _SHORT
        # Where much is told of the orbits, the table makes room for it.
        craft.display = self.view != "orbits" or len(orbit_rows(self.shown, width)) <= room // 2
        rows_shown = max(min(rows, room * 2 // 5 if below.display else room), 1)
        craft.styles.height = 2 + rows_shown
        self._arrange_below(width, room - rows_shown if craft.display else room + 2, rows)

    def _arrange_below(self, width: int, room: int, rows: int) -> None:
        """Share the room below the table: pictures, and if it is high enough a table too."""
        high = room - rows - 2 >= _LEAST_PICTURE
        self._views = _VIEWS[1:] if high else _VIEWS
        needed = rows + 1
        if self.view == "orbits":
            needed = len(orbit_rows(self.shown, width))
        left = room - needed - 1 if high else room
        pictures = self.query_one(Horizontal)
        pictures.display = left >= _LEAST_PICTURE if high else self.view == "pictures"
        height = picture_rows(width, left)
        pictures.styles.height = height + 1 if high else height
        sky, chart = self.query_one(Sky), self.query_one(Map)
        sky.styles.width, sky.styles.height = SKY_CELLS * height, height
        chart.styles.width, chart.styles.height = MAP_CELLS * height, height
        for panel in (self.query_one(Passes), self.query_one(Orbits)):
            panel.display = panel.name == self.view

    @property
    def view(self) -> str:
        """What is shown below the table, or below the pictures where there is room for both."""
        return self._views[self._turn % len(self._views)]

    def map_beneath(self, shown: Shown) -> MapBeneath | None:
        """Return the map around the chosen craft."""
        watch = self._watch
        catalog, names = watch.followed.tracker.catalog, watch.question.names
        return map_beneath(shown.answer, shown.chosen, catalog, names)

    def choose(self, number: int) -> None:
        """Choose a craft, counted from 0; beyond the ends nothing happens."""
        if 0 <= number < len(self.shown.answer.results):
            self._chosen = number
            self.tick()

    def action_choose(self, by: int) -> None:
        """Choose the craft above or below."""
        self.choose(self._chosen + by)

    def action_stop(self) -> None:
        """Stop, or go on."""
        self._set(self._playback.toggled(self._clock()))

    def action_now(self) -> None:
        """Show the time that it is."""
        self._set(Playback.live(self._clock()))

    def action_move(self, seconds: int) -> None:
        """Move the time shown."""
        self._set(self._playback.moved(self._clock(), timedelta(seconds=seconds)))

    def action_speed(self, steps: int) -> None:
        """Let time pass faster or slower."""
        self._set(self._playback.faster(self._clock(), steps))

    def action_event(self) -> None:
        """Move to shortly before what the chosen craft does next; at once there, to it."""
        results = self.shown.answer.results
        coming = results[self._chosen].next if results else None
        if coming is not None:
            before = coming.time - _BEFORE_EVENT
            at = before if before > self.shown.answer.time else coming.time
            self._set(self._playback.set_to(self._clock(), at))

    def action_view(self) -> None:
        """Show another view below the table."""
        self._turn = (self._turn + 1) % len(self._views)
        self.tick()

    def _set(self, playback: Playback) -> None:
        self._playback = playback
        self.tick()
