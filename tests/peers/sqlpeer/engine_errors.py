"""Errors as SQL Server words them: number -> (class, state, text). From memory; classes and numbers are what clients go by."""
from result import SqlError

TEXTS = {
    102: (15, 1, "Incorrect syntax near '{}'."),
    105: (15, 1, "Unclosed quotation mark after the character string '{}'."),
    113: (15, 1, "Missing end comment mark '*/'."),
    137: (15, 2, "Must declare the scalar variable \"{}\"."),
    145: (15, 1, "ORDER BY items must appear in the select list if SELECT DISTINCT is specified."),
    147: (15, 1, "An aggregate may not appear in the WHERE clause unless it is in a subquery contained in a HAVING clause or a "
                 "select list, and the column being aggregated is an outer reference."),
    156: (15, 1, "Incorrect syntax near the keyword '{}'."),
    174: (15, 1, "The {} function requires {} argument(s)."),
    191: (15, 1, "Some part of your SQL statement is nested too deeply. Rewrite the query or break it up into smaller queries."),
    195: (15, 10, "'{}' is not a recognized built-in function name."),
    205: (16, 1, "All queries combined using a UNION, INTERSECT or EXCEPT operator must have an equal number of expressions in "
                 "their target lists."),
    207: (16, 1, "Invalid column name '{}'."),
    208: (16, 1, "Invalid object name '{}'."),
    209: (16, 1, "Ambiguous column name '{}'."),
    220: (16, 2, "Arithmetic overflow error for data type {}, value = {}."),
    229: (14, 5, "The {} permission was denied on the object '{}', database '{}', schema '{}'."),
    241: (16, 1, "Conversion failed when converting date and/or time from character string."),
    243: (16, 1, "Type {} is not a defined system type."),
    245: (16, 1, "Conversion failed when converting the {} value '{}' to data type {}."),
    257: (16, 3, "Implicit conversion from data type {} to {} is not allowed. Use the CONVERT function to run this query."),
    263: (16, 1, "Must specify table to select from."),
    281: (16, 1, "{} is not a valid style number when converting from {} to a character string."),
    297: (16, 1, "The user does not have permission to perform this action."),
    300: (14, 1, "{} permission was denied on object '{}', database '{}'."),
    402: (16, 1, "The data types {} and {} are incompatible in the {} operator."),
    408: (16, 1, "A constant expression was encountered in the ORDER BY list, position {}."),
    512: (16, 1, "Subquery returned more than 1 value. This is not permitted when the subquery follows =, !=, <, <= , >, >= or "
                 "when the subquery is used as an expression."),
    911: (16, 1, "Database '{}' does not exist. Make sure that the name is entered correctly."),
    916: (14, 1, "The server principal \"{}\" is not able to access the database \"{}\" under the current security context."),
    942: (14, 4, "Database '{}' cannot be opened because it is offline."),
    927: (14, 2, "Database '{}' cannot be opened. It is in the middle of a restore."),
    926: (14, 1, "Database '{}' cannot be opened. It has been marked SUSPECT by recovery. See the SQL Server errorlog for more "
                 "information."),
    976: (14, 1, "The target database, '{}', is participating in an availability group and is currently not accessible for "
                 "queries. Either data movement is suspended or the availability replica is not enabled for read access."),
    1011: (16, 1, "The correlation name '{}' is specified multiple times in a FROM clause."),
    1060: (15, 1, "The number of rows provided for a TOP or FETCH clauses row count parameter must be an integer."),
    1033: (15, 1, "The ORDER BY clause is invalid in views, inline functions, derived tables, subqueries, and common table "
                  "expressions, unless TOP, OFFSET or FOR XML is also specified."),
    1038: (15, 5, "An object or column name is missing or empty. For SELECT INTO statements, verify each column has a name. For other "
                  "statements, look for empty alias names. Aliases defined as \"\" or [] are not allowed. Change the alias to a "
                  "valid name."),
    2812: (16, 62, "Could not find stored procedure '{}'."),
    3902: (16, 1, "The COMMIT TRANSACTION request has no corresponding BEGIN TRANSACTION."),
    3903: (16, 1, "The ROLLBACK TRANSACTION request has no corresponding BEGIN TRANSACTION."),
    4060: (11, 1, "Cannot open database \"{}\" requested by the login. The login failed."),
    4104: (16, 1, "The multi-part identifier \"{}\" could not be bound."),
    4115: (15, 1, "The reference to column \"{}\" is not allowed in an argument to a TOP, OFFSET, or FETCH clause. Only references to "
                  "columns at an outer scope or standalone expressions and subqueries are allowed here."),
    4145: (15, 1, "An expression of non-boolean type specified in a context where a condition is expected, near '{}'."),
    7202: (11, 2, "Could not find server '{}' in sys.servers. Verify that the correct server name was specified. If necessary, "
                  "execute the stored procedure sp_addlinkedserver to add the server to sys.servers."),
    8115: (16, 2, "Arithmetic overflow error converting expression to data type {}."),
    8116: (16, 1, "Argument data type {} is invalid for argument {} of {} function."),
    8117: (16, 1, "Operand data type {} is invalid for {} operator."),
    8120: (16, 1, "Column '{}' is invalid in the select list because it is not contained in either an aggregate function or the "
                  "GROUP BY clause."),
    8134: (16, 1, "Divide by zero error encountered."),
    8155: (16, 2, "No column name was specified for column {} of '{}'."),
    8169: (16, 2, "Conversion failed when converting from a character string to uniqueidentifier."),
    8170: (16, 2, "Insufficient result space to convert uniqueidentifier value to char."),
    17142: (14, 1, "SQL Server service has been paused. No new connections will be allowed. To resume the service, use SQL Computer "
                   "Manager or the Services application in Control Panel."),
    18401: (14, 1, "Login failed for user '{}'. Reason: Server is in script upgrade mode. Only administrator can connect at this "
                   "time."),
    18452: (14, 1, "Login failed. The login is from an untrusted domain and cannot be used with Windows authentication."),
    18456: (14, 1, "Login failed for user '{}'."),
    18461: (14, 1, "Login failed for user '{}'. Reason: Server is in single user mode. Only one administrator can connect at this "
                   "time."),
    18470: (14, 1, "Login failed for user '{}'. Reason: The account is disabled."),
    18486: (14, 1, "Login failed for user '{}' because the account is currently locked out. The system administrator can unlock it."),
    18487: (14, 1, "Login failed for user '{}'.  Reason: The password of the account has expired."),
    18488: (14, 1, "Login failed for user '{}'.  Reason: The password of the account must be changed."),
}


def error(number, *values):
    grade, state, text = TEXTS[number]
    return SqlError(number, grade, state, text.format(*values))


def not_here(what):
    """What SQL Server may well do, and this engine does not."""
    return SqlError(50000, 16, 1, f"sqlpeer does not know {what}")
