// A client of tedious: what to do is told in JSON on standard input, what came of it in JSON on standard output.
'use strict';
const { Connection, Request, TYPES } = require('tedious');

function config(told) {
  return {
    server: told.server,
    authentication: { type: 'default', options: { userName: told.user, password: told.password } },
    options: {
      port: told.instance ? undefined : told.port, instanceName: told.instance, encrypt: told.encrypt,
      serverName: told.name, tdsVersion: told.version || '7_4', trustServerCertificate: false, readOnlyIntent: true,
      cryptoCredentialsDetails: told.ca ? { ca: told.ca } : {}, connectTimeout: 20000, requestTimeout: told.timeout || 20000,
      useColumnNames: false,
    },
  };
}

function failure(error) {
  const held = error.errors ? error.errors[0] : error;
  return { message: held.message, code: held.code, number: held.number, state: held.state, grade: held.class };
}

// One statement: { sql, parameters, how: 'batch' (the default), 'execute' (sp_executesql), 'prepare', 'cancel' }.
function run(connection, statement) {
  return new Promise((resolve) => {
    const results = [];
    const request = new Request(statement.sql, (error) => resolve({ results, error: error ? failure(error) : undefined }));
    const given = statement.parameters || {};
    for (const name of Object.keys(given)) {
      request.addParameter(name, TYPES[given[name].type], statement.how === 'prepare' ? undefined : given[name].value);
    }
    request.on('columnMetadata', (columns) => results.push({
      columns: columns.map((column) => ({ name: column.colName, type: column.type.name })), rows: [] }));
    request.on('row', (columns) => results[results.length - 1].rows.push(columns.map((column) => column.value)));
    if (statement.how === 'execute') {
      connection.execSql(request);
    } else if (statement.how === 'prepare') {
      prepared(connection, request, given);
    } else {
      connection.execSqlBatch(request);
      if (statement.how === 'cancel') {
        setTimeout(() => connection.cancel(), 100);
      }
    }
  });
}

// Prepares, executes, and forgets it; the request's callback comes after each but the first.
function prepared(connection, request, given) {
  const done = request.userCallback;
  request.on('prepared', () => connection.execute(request, values(given)));
  request.on('error', done);
  request.userCallback = (error) => {
    request.userCallback = () => done(error);
    connection.unprepare(request);
  };
  connection.prepare(request);
}

function values(given) {
  return Object.fromEntries(Object.keys(given).map((name) => [name, given[name].value]));
}

async function main(told) {
  const connection = new Connection(config(told));
  const notes = [];
  connection.on('infoMessage', (info) => notes.push(info.message));
  connection.on('error', () => {});
  const error = await new Promise((resolve) => connection.connect((problem) => resolve(problem)));
  if (error) {
    connection.close();
    return { error: failure(error) };
  }
  const answers = [];
  for (const statement of told.statements || []) {
    answers.push(await run(connection, statement));
  }
  connection.close();
  return { answers, notes };
}

let text = '';
process.stdin.on('data', (part) => { text += part; });
process.stdin.on('end', async () => {
  const answer = await main(JSON.parse(text));
  process.stdout.write(JSON.stringify(answer), () => process.exit(0));
});
