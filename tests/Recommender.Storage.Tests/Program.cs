using Recommender.Storage.Tests.Sqlite;
using Xunit.Runner.InProc.SystemConsole;

return args is [AppendingProcess.Verb, var folder] ? await AppendingProcess.RunAsync(folder) : await ConsoleRunner.Run(args);
