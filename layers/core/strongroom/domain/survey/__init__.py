"""The intent file of an organisation that has none yet, drafted from what is found there."""
