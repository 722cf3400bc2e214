using Recommender.Tests.Models;

namespace Recommender.Tests.Architecture;

/// <summary>Public surfaces as text files beside the tests: a change of one is a change that a reviewer sees.</summary>
internal static class Approved
{
    /// <summary>Compares with <c>Approved/NAME</c>. After a wanted change, run with RECOMMENDER_APPROVE=1 and read the difference.</summary>
    public static void Verify(string name, string actual)
    {
        string file = Path.Combine(Repository.Root, "tests", "Recommender.Tests", "Approved", name);
        if (Environment.GetEnvironmentVariable("RECOMMENDER_APPROVE") == "1") File.WriteAllText(file, actual);
        Assert.True(File.Exists(file), $"there is no {file}; run the test with RECOMMENDER_APPROVE=1");
        Assert.Equal(File.ReadAllText(file), actual);
    }
}
