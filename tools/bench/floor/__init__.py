"""The floor: the smallest project of Django REST framework with the same requests, without encryption and evidence."""
