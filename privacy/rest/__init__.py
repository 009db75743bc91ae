"""What every REST endpoint shares: problems (RFC 9457), strict JSON, paging, retries that change nothing."""
