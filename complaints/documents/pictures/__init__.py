"""Pictures of the reports: figures in, SVG out, the same on a page and on paper."""
