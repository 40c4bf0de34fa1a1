def pipeline_order(stages, needs):
    needed_by = {stage: set() for stage in stages}
    for stage, needed in needs:
        needed_by[stage].add(needed)
    order, done, left = [], set(), list(stages)
    while left:
        following = next((stage for stage in left if needed_by[stage] <= done), None)  # from the start each time
        if following is None:
            return []
        order.append(following)
        done.add(following)
        left.remove(following)
    return order
