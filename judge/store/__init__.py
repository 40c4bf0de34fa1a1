"""What outlives the process: reports, and batches with their items; SQLite by default, or PostgreSQL."""
