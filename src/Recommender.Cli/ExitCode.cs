namespace Recommender.Cli;

/// <summary>What the process answers; README.md lists them for scripts.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>Something failed, or part of the input was rejected; standard error says what.</summary>
    public const int Failed = 1;

    /// <summary>The command line itself is wrong.</summary>
    public const int Usage = 2;

    /// <summary>Stopped by Ctrl-C or SIGTERM before the end, with nothing half-written.</summary>
    public const int Interrupted = 130;
}
