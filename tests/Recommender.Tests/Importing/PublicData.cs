namespace Recommender.Tests.Importing;

/// <summary>The optional folder of public data sets; tests that need one skip with the reason where it is absent.</summary>
internal static class PublicData
{
    public static string Folder(string set)
    {
        string shared = Environment.GetEnvironmentVariable("RECOMMENDER_SHARED") ?? Path.Combine(RepositoryRoot(), "..", "shared");
        Assert.SkipUnless(Directory.Exists(shared), $"the folder of public data ({shared}) is absent");
        string folder = Path.Combine(shared, "data", set);
        bool required = Environment.GetEnvironmentVariable("CI") == "true";
        Assert.False(required && !Directory.Exists(folder), $"the data set {folder} is missing");
        Assert.SkipUnless(Directory.Exists(folder), $"the data set {folder} is absent");
        return folder;
    }

    private static string RepositoryRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Recommender.sln"))) return folder.FullName;
        return AppContext.BaseDirectory;
    }
}
