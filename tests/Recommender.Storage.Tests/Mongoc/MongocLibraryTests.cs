using System.Diagnostics;
using Recommender.Storage.Mongoc;
using Recommender.Storage.Tests.Mongo;

namespace Recommender.Storage.Tests.Mongoc;

/// <summary>In processes of their own: a library is loaded once.</summary>
public sealed class MongocLibraryTests
{
    [Fact]
    public async Task Without_the_library_one_sentence_says_how_to_install_it()
    {
        var empty = Directory.CreateTempSubdirectory("recommender-libmongoc-");
        var (said, _) = await AskAsync("mongodb://127.0.0.1:1/", folder: empty.FullName);
        empty.Delete();
        Assert.StartsWith("StoreException: ", said, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', said);
        foreach (string install in (string[])["apt-get install libmongoc-1.0-0", "dnf install", "brew install", "vcpkg install"])
            Assert.Contains(install, said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_library_writes_no_lines_of_its_own()
    {
        var (said, errors) = await AskAsync("mongodb://app:s3cret@127.0.0.1:1/?thisOption=isNone", folder: null);
        Assert.StartsWith("StoreUnavailableException: ", said, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", said, StringComparison.Ordinal);
        Assert.Equal("", errors);
    }

    private static async Task<(string Said, string Errors)> AskAsync(string location, string? folder)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(AskingProgram).Assembly.Location, AskingProgram.Verb, location])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        if (folder is not null) start.Environment[MongocLibrary.FolderVariable] = folder;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string said = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        return (said, await errors);
    }
}
