"""The nsjail adapter of the Sandbox port: slots, cgroups, jails, supervision. It reports facts, never verdicts."""
