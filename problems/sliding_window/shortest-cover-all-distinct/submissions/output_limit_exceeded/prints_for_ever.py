def shortest_cover_all_distinct(ids):
    while True:
        print("scrolling " * 400)
