def shortest_cover_all_distinct(ids)
    return (0, len(ids) - 1)
