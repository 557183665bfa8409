CREATE TABLE "greeting_schema"."visits" ("id" SERIAL PRIMARY KEY);
