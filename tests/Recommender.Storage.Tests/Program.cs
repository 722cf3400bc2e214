using Recommender.Storage.Tests.Sqlite;
using Xunit.Runner.InProc.SystemConsole;

return args is [AppendingProgram.Verb, var folder] ? await AppendingProgram.RunAsync(folder) : await ConsoleRunner.Run(args);
