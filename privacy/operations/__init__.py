"""What a package brings beside its data: sweeps, watched figures, permissions, hooks; and how it is collected."""
