"""Many submissions: the batches of a service, and files of submissions graded from the command line."""
