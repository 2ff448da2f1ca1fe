"""Where the bytes of files lie: kept under their own hash, looked at, handed out again."""
