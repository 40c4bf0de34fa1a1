"""Version 1 of the interface, generated from ``protos/judge/api/v1``; never edited."""
