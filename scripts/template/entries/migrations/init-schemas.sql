CALL pg_temp.ensure_service('sample');
