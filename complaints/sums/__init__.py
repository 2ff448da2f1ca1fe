"""The sums of the reports: kept up, made anew, and held against a recomputation."""
