using Recommender.Cli.Terminal;
using Recommender.Models;

namespace Recommender.Cli.Commands;

internal static class RecipeFile
{
    /// <exception cref="InputException">The file is not there.</exception>
    /// <exception cref="InvalidRecipeException">It is not a recipe; the message names the file.</exception>
    public static Recipe Read(FileInfo file)
    {
        if (!file.Exists) throw new InputException($"there is no recipe {file.FullName}");
        try { return Recipe.Parse(File.ReadAllBytes(file.FullName)); }
        catch (InvalidRecipeException problem) { throw new InvalidRecipeException($"{file.FullName}: {problem.Message}", problem); }
    }
}
