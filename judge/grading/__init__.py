"""One submission from source to report: compile, execute, classify, check, aggregate."""
