"""The author's own code at work: run in a sandbox, never in this process; what it is asked, how it fails."""
