"""New pictures of a stranger's file: a process in a sandbox draws them, and nothing else of the file is kept."""
