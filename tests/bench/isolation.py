def isolation(bench):
    return 1,1,"x"
