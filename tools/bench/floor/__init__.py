"""The floor: the smallest project of Django REST framework that does nearly the same, in clear and without promises."""
