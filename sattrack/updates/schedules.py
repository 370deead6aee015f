"""Lines and units, ready to paste, that run the update regularly."""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sattrack.errors import InvalidInputError, printable, quoted

# Everybody's machine has another minute, and none has the full or the half hour, when all those
# wake up that were set by hand.
_MINUTES = range(2, 28)
_DELAY_S = 60
# What else an update heeds, in upper or lower case; schedulers start it without.
_PROXIES = {"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"}
_CERTIFICATES = {"REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"}


@dataclass(frozen=True, slots=True)
class Schedule:
    """When and how this machine updates: twice an hour, which mostly sends nothing.

    A data set is asked for again two hours after it came, whenever that is; the command's own lock
    keeps two of them apart.

    Attributes:
        command: absolute path of the program.
        home: value of `SATTRACK_HOME`, or empty for the platform's own folders.
        log: file for what it says.
        minute: of the first half of the hour.
        lost: names of environment variables that it heeds, and will not have.

    Raises:
        InvalidInputError: a name holds what no line of a crontab or a unit can.
    """

    command: tuple[str, ...]
    home: str
    log: Path
    minute: int
    lost: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for text in (*self.command, self.home, str(self.log)):
            if not text.isprintable():
                raise InvalidInputError(f"a schedule cannot hold {quoted(text)}; rename it")

    @property
    def minutes(self) -> tuple[int, int]:
        """The minutes of each hour at which it runs."""
        return self.minute, self.minute + 30

    @property
    def arguments(self) -> tuple[str, ...]:
        """The command with its arguments."""
        return (*self.command, "update", "--quiet", "--random-delay", str(_DELAY_S))


def stable_minute(identity: str) -> int:
    """Return a minute that differs from machine to machine, and stays the same on each."""
    digest = hashlib.sha256(identity.encode()).digest()
    return _MINUTES[int.from_bytes(digest[:4], "big") % len(_MINUTES)]


def variables_lost(names: Iterable[str]) -> tuple[str, ...]:
    """Return which of some environment variables an update heeds and a schedule leaves out."""
    return tuple(
        name
        for name in sorted(names)
        if name.upper() in _PROXIES
        or name in _CERTIFICATES
        or (name.startswith("SATTRACK_") and name != "SATTRACK_HOME")
    )


def _loss(schedule: Schedule) -> str:
    """Return a comment that says what the update will not know, or nothing."""
    if not schedule.lost:
        return ""
    names = ", ".join(printable(name, 60) for name in schedule.lost)
    return f"# Set in this shell, but not when this runs: {names}\n"


def crontab_text(schedule: Schedule) -> str:
    """Return a crontab entry; see crontab(5)."""
    home = f"SATTRACK_HOME={shlex.quote(schedule.home)} " if schedule.home else ""
    log = shlex.quote(str(schedule.log))
    folder = shlex.quote(str(schedule.log.parent))
    command = f"mkdir -p {folder} && {home}{shlex.join(schedule.arguments)} >>{log} 2>&1"
    # An unescaped percent sign ends the command in a crontab.
    command = command.replace("%", r"\%")
    first, second = schedule.minutes
    return (
        f"# sattrack, twice an hour; most runs send nothing. Add with: crontab -e\n"
        f"# What it says goes to {schedule.log}\n"
        f"{_loss(schedule)}"
        f"{first},{second} * * * * {command}\n"
    )


def systemd_text(schedule: Schedule) -> str:
    """Return a service and a timer for the user's own systemd; see systemd.timer(5)."""
    home = ""
    if schedule.home:
        home = f"Environment={_quoted_value(f'SATTRACK_HOME={schedule.home}')}\n"
    log = str(schedule.log).replace("%", "%%")
    first, second = schedule.minutes
    return f"""\
# ~/.config/systemd/user/sattrack-update.service
{_loss(schedule)}[Unit]
Description=Fetch element sets for sattrack
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
{home}ExecStart={" ".join(map(_quoted_word, schedule.arguments))}
StandardOutput=append:{log}
StandardError=append:{log}
# Another update was running; nothing is wrong.
SuccessExitStatus=10

# ~/.config/systemd/user/sattrack-update.timer
[Unit]
Description=Fetch element sets for sattrack twice an hour

[Timer]
OnCalendar=*-*-* *:{first:02d},{second:02d}:00
Persistent=true

[Install]
WantedBy=timers.target

# Then: mkdir -p {shlex.quote(str(schedule.log.parent))}
#       systemctl --user daemon-reload
#       systemctl --user enable --now sattrack-update.timer
"""


def _quoted_word(word: str) -> str:
    """Return a word of a command, in which systemd would put in variables: systemd.service(5)."""
    return _quoted_value(word.replace("$", "$$"))


def _quoted_value(value: str) -> str:
    """Return a value in quotes, without specifiers: systemd.syntax(7)."""
    value = value.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{value}"'
