"""When can it be reached?"""

from sattrack.passes.horizon import Pass, PassSearch, Sighting, Verdict, find_passes, look_angles

__all__ = ["Pass", "PassSearch", "Sighting", "Verdict", "find_passes", "look_angles"]
