using Recommender.Storage.Tests.Mongo;
using Recommender.Storage.Tests.Sqlite;
using Xunit.Runner.InProc.SystemConsole;

return args switch
{
    [AppendingProgram.Verb, var folder] => await AppendingProgram.RunAsync(folder),
    [AskingProgram.Verb, var location] => await AskingProgram.RunAsync(location),
    _ => await ConsoleRunner.Run(args),
};
