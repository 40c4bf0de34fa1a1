"""What runs inside the jail, on a bare interpreter: it imports nothing from the rest of the judge."""
