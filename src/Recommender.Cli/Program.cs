using Recommender.Cli;

return await CommandLine.RunAsync(args);
