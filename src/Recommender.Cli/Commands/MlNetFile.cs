using System.Security.Cryptography;
using Recommender.Cli.Terminal;
using Recommender.MlNet;
using Recommender.Models;

namespace Recommender.Cli.Commands;

/// <summary>A model of ML.NET's in a file, named in errors.</summary>
internal static class MlNetFile
{
    /// <exception cref="InputException">The file is not there.</exception>
    /// <exception cref="InvalidModelException">It is no such model.</exception>
    public static SavedFactorization Read(FileInfo file) => Naming(file, () =>
    {
        if (!file.Exists) throw new InputException($"there is no model {file.FullName}");
        using var zip = file.OpenRead();
        return SavedModelReader.Read(zip);
    });

    /// <summary>With its customers; says on the screen where they were only guessed.</summary>
    public static MatrixFactorizationModel Read(FileInfo file, string? userColumn, Screen screen)
    {
        var saved = Read(file);
        return Naming(file, () =>
        {
            var side = CustomerColumn.Choose(saved, userColumn, out string? warning);
            if (warning is not null) screen.Note($"warning: {file.Name}: {warning}");
            return new MatrixFactorizationModel(saved, side);
        });
    }

    /// <summary>File, hash and columns, so that it is known later which model it was.</summary>
    public static async Task<string> OriginAsync(FileInfo file, MatrixFactorizationModel model, CancellationToken cancellation)
    {
        await using var bytes = file.OpenRead();
        string hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(bytes, cancellation));
        return $"ML.NET matrix factorization {file.Name} (SHA-256 {hash}), "
            + $"customers in '{model.Customers.InputColumn}', items in '{model.Items.InputColumn}'";
    }

    private static T Naming<T>(FileInfo file, Func<T> read)
    {
        try { return read(); }
        catch (InvalidModelException problem) { throw new InvalidModelException($"{file.FullName}: {problem.Message}", problem); }
    }
}
