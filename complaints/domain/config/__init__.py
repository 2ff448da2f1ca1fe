"""What the files of `config/` say, as values that are read once and checked."""
