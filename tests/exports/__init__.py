"""Export files of the platforms, made here from small stories: what is in each is known beforehand."""
