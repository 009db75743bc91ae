"""`manage.py portal`: web, worker and beat under one supervisor."""
