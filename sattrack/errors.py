"""Everything a user can act upon, each with its exit status.

A `SattrackError` is printed as one line and never as a traceback; the command line catches the
family once, at the top. A traceback is a bug in sattrack (exit status 1).
"""


class SattrackError(Exception):
    """Something the user can act on: what failed, which one, what to do."""

    exit_status = 1


class InvalidInputError(SattrackError, ValueError):
    """A time, place, number or option that cannot be read."""

    exit_status = 2


class UnknownNameError(SattrackError):
    """No spacecraft, group, station or city of that name, or more than one."""

    exit_status = 3


class NoOrbitError(SattrackError):
    """There is no orbit for the time asked: unpublished, outside coverage, or decayed."""

    exit_status = 4


class StaleElementsError(SattrackError):
    """The elements are older than the user allows."""

    exit_status = 5


class NetworkError(SattrackError):
    """A publisher could not be reached, or its server is down."""

    exit_status = 6


class RefusedError(SattrackError):
    """A publisher refused to answer: blocked, not logged in, or asked too often."""

    exit_status = 7


class RejectedDataError(SattrackError):
    """Data that came in is not what it should be, and was not kept or used."""

    exit_status = 8


class StorageError(SattrackError):
    """A file or folder of this machine cannot be read or written."""

    exit_status = 9


class BusyError(SattrackError):
    """Another update is running."""

    exit_status = 10
