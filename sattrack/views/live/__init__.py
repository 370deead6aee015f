"""The live screen: what `sattrack watch` shows, drawn by Textual, the extra `tui`."""

INSTALL = "python -m pip install 'sattrack-missions[tui]'"
