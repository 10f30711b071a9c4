-- From section `cloud`, for lists and the search: the provider's own name of the place, such as fsn1 or eu-west-1.
ALTER TABLE nodes ADD COLUMN region text;
