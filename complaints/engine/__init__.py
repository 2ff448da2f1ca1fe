"""THE ENGINE: what the worker fires, corrects and repairs when deadlines come due."""
