DROP TABLE properties;
DROP TYPE listing_status;
