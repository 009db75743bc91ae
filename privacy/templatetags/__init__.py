"""Template tags of staff pages that read several packages."""
