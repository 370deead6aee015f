"""`python -m sattrack`."""

from sattrack.cli import main

main()
