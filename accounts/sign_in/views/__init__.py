"""The pages of signing in, verifying, recovering and keeping an account safe."""
