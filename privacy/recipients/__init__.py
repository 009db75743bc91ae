"""Others who hold the data: told of suspend, resume, correct and erase by signed webhook, until they acknowledge."""
