"""What is watched and run for operators and staff: alarms, figures, queues, the first page of staff."""
