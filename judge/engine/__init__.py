"""Where gradings run: worker processes on this machine, one for each slot."""
