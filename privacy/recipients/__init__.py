"""Third parties that hold the data: notified by signed webhook until they acknowledge."""
